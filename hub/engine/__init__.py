"""What a centre's queue does: presses, who is called next, undo, days; each in one transaction with its event."""
