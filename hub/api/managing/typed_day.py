"""A day as a manager typed it: what is none is refused in a sentence that names it, not as a form of another shape."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from common.protocol.field import DayLabel
from hub.engine.refusal import Refused

TypedDay = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]


def day_of(field: str, typed: str) -> date:
    """Return the day. Raises Refused (422, `no-date`) for one that no calendar has, or that no wire takes."""
    try:
        return date.fromisoformat(msgspec.convert(typed, DayLabel))
    except msgspec.ValidationError as error:
        raise Refused(422, "no-date", f"{field}: {typed} is no date") from error
