"""When each person came: one time line that no clock setting moves, working time on it, and a ticket's place by age."""
