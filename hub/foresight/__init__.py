"""What a coming day will be like, played by the queue's own rule on this centre's own past; and how right that was."""
