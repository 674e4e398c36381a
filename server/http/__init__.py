"""HTTP: connections, middleware, negotiation, responses, and limits for clients."""
