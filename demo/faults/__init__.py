"""What can go wrong in the demo, how it begins, and how it is mended."""
