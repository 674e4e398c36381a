"""Web pages (HTML): running text and tables without navigation, in any encoding."""
