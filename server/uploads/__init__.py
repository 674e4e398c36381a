"""Uploads: receiving files to check, checking them in processes of their own, and keeping results for a while."""
