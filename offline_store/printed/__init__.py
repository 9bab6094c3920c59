"""What was printed, and how much of it."""
