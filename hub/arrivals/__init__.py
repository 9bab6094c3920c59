"""What kiosks tell of their tickets, and what they hear back: who is before, how long, who was called."""
