"""Descriptions of all resources at their own addresses, with labels."""
