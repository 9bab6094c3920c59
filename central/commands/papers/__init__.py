"""Commands that write what is printed: reports and posters."""
