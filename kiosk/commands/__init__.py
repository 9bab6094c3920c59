"""What is typed: the command line and what it prints."""
