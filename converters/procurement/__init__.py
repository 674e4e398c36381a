"""Procurement notices: from documents, data interfaces, OCDS and lists to notices."""
