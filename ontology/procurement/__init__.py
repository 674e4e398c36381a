"""The words of procurement notices."""
