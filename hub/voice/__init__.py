"""What the board says: announcements joined from clips, and where the clips come from."""
