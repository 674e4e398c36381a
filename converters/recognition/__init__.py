"""What a grid is: its caption, the columns and rows that its words name, and its figures."""
