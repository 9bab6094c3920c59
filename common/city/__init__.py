"""What the municipality says as data: its brand, its services and its money."""
