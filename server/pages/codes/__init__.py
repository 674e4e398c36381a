"""The page of a code by which money is spread: its names over the years, and who spends how much under it."""
