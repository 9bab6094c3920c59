"""A coming day: what it is played with, what is foretold, and how right that was."""
