"""The feed: what each reader hears, and what a poll costs."""
