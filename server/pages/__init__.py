"""The HTML pages of the service."""

from server.pages.site import HtmlPages

__all__ = ["HtmlPages"]
