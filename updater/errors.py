"""What an update refuses, in a sentence for whoever started it."""


class Refused(Exception):
    """The version in service stays; the text says why."""
