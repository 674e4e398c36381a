"""Answering queries: the interface, the engine, and the worker processes in which it runs."""
