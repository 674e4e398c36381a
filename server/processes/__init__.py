"""Child processes: their protocol, their limits and their end."""
