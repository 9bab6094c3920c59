"""Scaffolds for what is added most often: a database revision, a device driver with its test."""
