"""What the request handlers share: the open hub, who looks at it, what has changed, and its figures."""
