"""The pages of a disclosure: its document as printed, findings, coverage and history."""
