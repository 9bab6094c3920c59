"""Takes a new version of a program beside the one in service, and goes back; as root, on the standard library alone."""
