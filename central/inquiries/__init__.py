"""What a citizen or clerk waits for: each question has one answer, and one that was never shown is undone."""
