"""What is typed: each command of the hub, how it is called and what it says."""
