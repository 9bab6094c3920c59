"""What a citizen asks of central and waits for: the question, its answer, and how long either is worth anything.

An answer that was never shown is undone: the same id asked again with `undo`. Personal parts of a question are sealed
to central, those of an answer to a key that the asking process makes for this question and never writes.
"""

from typing import Annotated, Any, Final, Literal, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol.field import Base64, Count, Moment, Uuid, Word

MAX_INQUIRY_BYTES: Final = 8 * 1024
MAX_INQUIRY_ANSWER_BYTES: Final = 32 * 1024
LONG_POLL_S: Final = 25.0
KEPT_S: Final = 86_400
"""Of question and answer, at both ends: what is older can be asked for and undone no more."""

State = Literal["answered", "pending", "withdrawn", "refused"]
ReplyKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{43}=\Z")]  # base64 of the 32 bytes of an X25519 key


class Kind(NamedTuple):
    """What is known of a kind of question at both ends.

    Attributes:
        lives_s: how long somebody waits for its answer.
        binds: whether its answer leaves something behind (a seat, a bill that can be paid) that must be undone unseen.
    """

    lives_s: float
    binds: bool


KINDS: Final[dict[str, Kind]] = {
    "seats": Kind(15.0, binds=False),
    "claim": Kind(30.0, binds=True),
    "claim-cancel": Kind(30.0, binds=False),
    "day-seats": Kind(15.0, binds=False),
    "capacity": Kind(30.0, binds=True),
    "bill": Kind(15.0, binds=False),
    "payment": Kind(600.0, binds=True),
    "payment-state": Kind(15.0, binds=False),
}


def kind_of(name: str) -> Kind:
    """Return what is known of a kind; a store that a newer version wrote may hold one that is not known here."""
    return KINDS.get(name, Kind(0.0, binds=True))  # nobody waits for it here, and what it may have left is undone


class SealedPart(Struct, frozen=True, forbid_unknown_fields=True):
    """The personal part of a question: base64 of HPKE enc and ciphertext, and which of central's keys opens it."""

    kid: Word
    data: Base64


class Inquiry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question. `dies_at` by central's time; `body` by its kind, personal fields in its `sealed`.

    `undo` asks for nothing but that whatever was done under this id be undone; its body is empty.
    """

    id: Uuid
    kind: Word
    dies_at: Moment
    body: dict[str, Any]
    reply_key: ReplyKey | UnsetType = UNSET
    undo: bool = False


class InquiryAnswer(Struct, frozen=True, omit_defaults=True):
    """Central's word on a question. `revision` grows with each change of what is pending.

    Of `refused` the answer is `{"reason"}`. Personal fields stand in the answer's `sealed` where a key was given.
    """

    id: Uuid
    state: State
    answer: dict[str, Any] | UnsetType = UNSET
    revision: Count | UnsetType = UNSET


def inquiry_info(kiosk: str, inquiry: str) -> bytes:
    """Compose the HPKE info that binds a question's sealed part to its protocol, asker and id."""
    return f"kiosk-inquiry-1\n{kiosk}\n{inquiry}".encode()


def answer_info(kiosk: str, inquiry: str) -> bytes:
    """Compose the HPKE info that binds an answer's sealed part to its protocol, asker and id."""
    return f"kiosk-inquiry-answer-1\n{kiosk}\n{inquiry}".encode()
