"""What a check is given along and where else it is run: earlier reports, reasons, and a service."""
