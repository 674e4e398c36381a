"""Tables that continue over pages: what decides that they do, and how their parts are joined."""
