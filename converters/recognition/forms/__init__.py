"""Forms: fields with labels and values, in blocks, as performance forms print them."""
