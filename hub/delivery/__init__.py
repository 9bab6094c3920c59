"""Who this hub is to central, its own items on their way there, and what it hears."""
