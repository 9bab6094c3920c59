"""The mark of the log that a hub serves from: random, another one at each start and under each term.

Who keeps something that the log said (a kiosk how far it was heard, a board a call's sound) sees by it that what this
hub holds may be another log than before.
"""

import secrets


class LogMark:
    """The marks of one open hub. Threads may ask side by side."""

    def __init__(self) -> None:
        """Begin with no term served."""
        self._by_term: dict[int, str] = {}

    def under(self, term: int) -> str:
        """Return the mark of the log under a term."""
        return self._by_term.setdefault(term, secrets.token_hex(8))
