"""Work on published stores without a service: opening, querying, publishing, upgrading."""
