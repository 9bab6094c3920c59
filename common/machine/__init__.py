"""What a process needs of its machine: clock, durable files and locks, small records, console, findings, errors."""
