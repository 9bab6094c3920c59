"""Takes a new version of the kiosk beside the one in service, and goes back; as root, on the standard library alone."""
