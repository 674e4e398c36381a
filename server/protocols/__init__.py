"""The interfaces for programs: the SPARQL Protocol, the Graph Store Protocol, and `POST /validate`."""
