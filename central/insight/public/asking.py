"""What a feature asks on a ticket's page, once the visit is over; and what is sent from there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.insight.public.texts import Language
from common.feature import brought


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent from the page, as JSON or a form. A feature's own has fields beside this one."""

    stop: bool = False
    """That nobody is to be told of a turn, or to be asked."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question.

    Attributes:
        answer: what is sent; raises ValueError for half an answer.
        expected: the same in words, for who has sent something else.
        stands: how it stands for a ticket, as a word of the feature's.
        draw: what the page shows for such a word, as HTML.
        style: the file of rules that this HTML wants beside the page's own.
        take: takes what was sent, once a ticket with its `centre`; False where somebody was faster.
    """

    answer: type[Answer]
    expected: str
    stands: Callable[[AsyncConnection, Row[Any]], Awaitable[str]]
    draw: Callable[[str, Language], str]
    style: Path
    take: Callable[[AsyncConnection, Row[Any], Answer], Awaitable[bool]]


def asking() -> Asking | None:
    """Return what is asked: a page has room for one question, the first that a feature brings."""
    return next(iter(brought("central", Asking)), None)
