"""HTTP and sockets: the one gate, the routes, the wire."""
