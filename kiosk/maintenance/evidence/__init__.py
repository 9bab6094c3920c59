"""What a technician takes along: the log, and files on a stick."""
