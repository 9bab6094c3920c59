"""The receiving server: applies each item once and tells the kiosks what they need to know."""
