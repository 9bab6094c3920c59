"""What the centre's hub is told of tickets, and what it says in return: a copy beside delivery, never custody."""
