"""What is kept twice with a check, and the names of its files."""
