"""Generations on disk: reading, writing, keeping and verifying them."""
