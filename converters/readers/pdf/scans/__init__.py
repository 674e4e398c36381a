"""Scanned pages: ruling lines found in the picture, text read by optical character recognition (extra `ocr`)."""
