"""The connection to central: its requests, its TLS, what can go wrong with it, and when to try again."""
