"""An address for everything: descriptions of resources with their labels."""
