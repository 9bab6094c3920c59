"""Two hubs of a centre: the standby pulls the log, a manager promotes it, and the greater (term, hub) leads."""
