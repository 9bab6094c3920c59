"""What a municipality changes of all that people see: names, money, time zone, colours, pictures."""
