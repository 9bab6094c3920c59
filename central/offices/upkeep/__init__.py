"""What keeps central well: copies, room on the disk, and all that needs somebody, the most urgent first."""
