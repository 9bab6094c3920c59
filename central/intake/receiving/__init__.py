"""Items arrive: proved against their chain, applied once, or kept apart."""
