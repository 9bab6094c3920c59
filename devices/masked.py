"""A text that must not be seen by accident: personal data on its way from a reader to the seal.

`repr`, `str`, formatting and logging of it show a mask; `reveal` is the one way to the text, so every use can be found.
It is not encryption: it keeps data out of tracebacks, logs and test output.
"""

from typing import Final


class Masked:
    """One personal text. `shown_tail` last characters may be shown, for example the last four digits of a number."""

    __slots__ = ("_shown_tail", "_text")

    def __init__(self, text: str, shown_tail: int = 0) -> None:
        self._text: Final = text
        self._shown_tail: Final = shown_tail

    def reveal(self) -> str:
        """Return the text itself: to seal it, or to show it to the person whose it is."""
        return self._text

    def __str__(self) -> str:
        if not self._text:
            return ""
        # Never the whole: a text no longer than its tail shows nothing of itself.
        tail = self._text[-self._shown_tail :] if 0 < self._shown_tail < len(self._text) else ""
        return f"•••{tail}"

    def __repr__(self) -> str:
        return f"Masked({str(self)!r})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Masked) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("personal data is not pickled")
