"""At central: what visitors say on a ticket's page and at kiosks, each ticket's first answer, counted of no person."""
