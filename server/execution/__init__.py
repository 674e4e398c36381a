"""Query evaluation: the interface, the engine, and the pool of worker processes."""
