"""What central says: taken in, checked, kept."""
