"""What visitors say of their visits: each ticket's first answer, counted by day, centre and service, of no person."""
