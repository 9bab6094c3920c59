"""The revisions of the hub's tables."""
