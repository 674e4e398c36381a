"""What several commands share: arguments, output, progress, and missing installations."""
