"""What an update refuses, in a sentence for the person who started it."""


class Refused(Exception):
    """The version in service stays; the text says why."""


class NotTaken(Refused):
    """The version itself was tried and found wanting: it is not tried again."""
