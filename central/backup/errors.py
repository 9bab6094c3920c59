"""What can't be done with a copy."""


class BackupError(ValueError):
    """A copy can't be made, read or brought back; the text says why, and what to do."""
