"""What answers each kind of question. A kind is one entry: how it is answered, and how what it did is undone.

Both act within the transaction that keeps the answer, so that a question is answered once, whatever is lost on the way.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from central.keys.keys import KeyRing

NO_CONTROL: Final = r"^[^\x00-\x1f\x7f]*\Z"
"""Of free text in a question: PostgreSQL takes no NUL, and what a person types has none of the others."""


class Asker(NamedTuple):
    """Which machine asks, of which centre; `role` is kiosk or hub."""

    kiosk: str
    centre: str
    role: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; personal fields stand opened in `body`. `id` is what changes are told under."""

    id: str
    asker: Asker
    body: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer.

    Attributes:
        answer: what the asker may keep in the clear.
        personal: what only the process that asked may read.
        reference: by what it is undone; None where nothing was done.
        is_final: False while it is still going to change, which `asking.tell` says.
    """

    answer: dict[str, Any]
    personal: dict[str, Any] = field(default_factory=dict, repr=False)
    reference: str | None = None
    is_final: bool = True


class Refusal(Exception):
    """A question that is answered by no. `reason` is a word that the asker has a sentence for, which names `detail`."""

    def __init__(self, reason: str, detail: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail or {}


def read[T](question: Question, shape: type[T]) -> T:
    """Return what is asked, by the shape of its kind. Raises Refusal."""
    try:
        return msgspec.convert(question.body, shape)
    except msgspec.ValidationError as error:
        raise Refusal("unreadable") from error


async def _nothing(connection: AsyncConnection, asker: Asker, reference: str) -> None:
    """Undo nothing: the kind leaves nothing behind."""


class Answerer(NamedTuple):
    """How a kind is answered. `answer` may raise Refusal; what it had changed is taken back."""

    answer: Callable[[AsyncConnection, KeyRing, Question], Awaitable[Found]]
    undo: Callable[[AsyncConnection, Asker, str], Awaitable[None]] = _nothing


Answerers = Mapping[str, Answerer]
