"""What anybody may look at: the page of one ticket, under an address that nobody can guess."""
