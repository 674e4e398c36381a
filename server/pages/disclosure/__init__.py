"""The pages of a disclosure: the document as printed with its findings, coverage, and history."""
