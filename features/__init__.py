"""What a city may leave out, a folder a feature: the core finds it where it is (`common.feature`) and imports none."""
