"""Relations between observations: points, sums, bounds, shares and changes."""
