"""What citizens do with appointments: show one, book another day, end one."""
