"""Views that pages follow: how things stand, sent whole at each change and with a beat."""
