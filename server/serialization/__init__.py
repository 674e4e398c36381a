"""Media types and the RDF formats that need more than the engine offers."""
