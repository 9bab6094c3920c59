"""A new version to all kiosks in stages: a few first, on when they run it, stopped at the first that fails."""
