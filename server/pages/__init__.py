"""The pages for people: everything that the service answers in HTML."""

from server.pages.site import HtmlPages

__all__ = ["HtmlPages"]
