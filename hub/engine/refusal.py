"""Why a press, or another wish, is not done: a status, a stable code, and a sentence that says what to do."""

from typing import Any


class Refused(Exception):
    """It is not done as things stand. `standing`: what stands, for the page to show."""

    def __init__(self, status: int, code: str, detail: str, standing: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.standing = standing or {}
