"""What the words of notices stand for: sums of money, dates, names of organisations."""
