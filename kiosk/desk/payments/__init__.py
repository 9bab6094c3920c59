"""Bills paid by telephone: what is asked of central about them, what is kept of them, and which receipt may print."""
