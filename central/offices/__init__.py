"""Offices: people with names who look at central, what they may see, and the pages they see it on."""
