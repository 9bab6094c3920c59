"""The presses of a counter: read, done once with their key, and taken back."""
