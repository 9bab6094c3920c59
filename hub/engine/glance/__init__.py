"""The day at a glance for its manager: how it goes, and how days usually go."""
