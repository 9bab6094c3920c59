"""What goes wrong at a port. What is not known is never told as a failure.

PortError
  NotReached      nothing was begun                        -> later, the same again
  AnswerLost      begun, and nobody knows what became of it -> ask, or say the same again under the same number or key
  Refused         a clear no, for good                     -> `reason`, a word
    MarkRefused   a biller takes no mark: see its fields
  NotAnswered     asked too early: the answer is not there yet
  ByHand          the port cannot do it: a person at the bank does
Forged            what came in is not theirs
"""


class PortError(Exception):
    """Something was not done, or nobody knows."""


class NotReached(PortError):
    """Nothing was begun: no line, or the other end asks to wait."""


class AnswerLost(PortError):
    """It was begun, and no answer that could be read came."""


class ByHand(PortError):
    """No call does it: a person at the bank does, by the list that central keeps."""


class Refused(PortError):
    """A clear no. `reason` is a word for log and events, never a text of the other end's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MarkRefused(Refused):
    """A biller takes no mark.

    Args:
        reason: `paid-elsewhere`, `amount-changed` or `not-taken`.
        by: of `paid-elsewhere`, whose mark stands: the key of another payment of ours, or a word of the biller's.
    """

    def __init__(self, reason: str, by: str | None = None) -> None:
        super().__init__(reason)
        self.by = by


class Forged(Exception):
    """What came in was not sealed by the payer, or is too old."""
