"""What is on or off: a key that is turned, a plug that is in."""
