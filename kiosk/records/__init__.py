"""What a kiosk keeps twice, and the names of its files."""
