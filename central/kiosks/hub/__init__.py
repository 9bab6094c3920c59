"""What is said of hubs alone: their addresses, whom central lets have one, and their certificates."""
