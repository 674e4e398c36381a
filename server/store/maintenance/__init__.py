"""Care of a store: backups, verification, upgrades."""
