"""A centre's day of appointments changed by hand: the act that both doors write down, and the hub's door to it."""
