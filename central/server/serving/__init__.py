"""How central listens: the server's start and end, and what a connection may take."""
