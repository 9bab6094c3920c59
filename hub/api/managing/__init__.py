"""What managers set, and what they ask."""
