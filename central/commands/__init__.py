"""What an operator types: the command line of central, and the app's codes for a demo."""
