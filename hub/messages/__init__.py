"""Messages to this centre's staff: what they are told of, by which words and channels, and who takes it."""
