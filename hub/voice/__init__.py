"""What the board says: announcements joined from clips."""
