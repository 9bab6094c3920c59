"""The web server: its API, the process that serves it, and what has to stand before it begins."""
