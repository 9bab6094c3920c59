"""Answers that bear what was done, and POST /v1/commits: a page tells the hub that leads what another one did."""

from typing import Annotated, Any, Final, NamedTuple

import msgspec
from litestar import MediaType, Response, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from common.protocol.field import Count, Uuid
from common.web.problem import Problem
from hub.api.server.server import Serving, ServingDep
from hub.api.signing import PRESS_SIGNATURE, is_signed_by, keys_of, press_signature, press_text, read_press_signature
from hub.engine.act import Act
from hub.engine.refusal import Refused
from hub.log.facts import bearing
from hub.takeover.resuming import Heard, take

MAX_BYTES: Final = 64 * 1024
NO_COUNTER: Final = 0
"""Instead of a counter's number, in what is signed of an answer that is no press's."""


class SignedAnswer(Struct, frozen=True):
    """An answer as its page kept it: status, body as it came, and the header Hub-Signature."""

    status: int
    body: Annotated[str, Meta(max_length=MAX_BYTES)]
    signature: Annotated[str, Meta(max_length=400)]


class Commit(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer that bears facts; of a press with its counter and key."""

    answer: SignedAnswer
    counter: Count = NO_COUNTER
    key: Uuid | None = None


class CommitsWish(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page was answered, the oldest first."""

    facts: Annotated[list[Commit], Meta(max_length=100)]


class Committed(NamedTuple):
    """An answer with its facts, and what this hub signs with it."""

    body: bytes
    term: int
    seq: int
    hubs: list[str]


def committed(act: Act, answer: object) -> Committed:
    """Return an answer with the facts of what was done in this transaction."""
    hubs = [one.id for one in act.centre.hubs.values() if not one.revoked]
    body = bearing(msgspec.json.encode(answer), act.life, act.term, act.recorded)
    return Committed(body, act.term, act.seq, hubs)


def signed_commit(serving: Serving, said: Committed) -> Response[Any]:
    """Answer with facts, signed, so that the page can hand them to another hub."""
    headers = {
        "Cache-Control": "no-store",
        PRESS_SIGNATURE: press_signature(serving, said.term, NO_COUNTER, "", 200, said.body),
        "Hub-Seq": str(said.seq),
        "Hub-Pulled": str(serving.pulls.held_by_all(said.term, said.hubs)),
    }
    return Response(said.body, media_type=MediaType.JSON, headers=headers)


def believed(act: Act, number: int, key: str | None, answer: SignedAnswer) -> Heard:
    """Return an answer that a hub of this centre signed for this counter. Raises Refused, Problem."""
    try:
        hub, term, signature = read_press_signature(answer.signature)
    except ValueError as error:
        raise Problem(400, "bad-request", "answer: the signature cannot be read") from error
    keys, body = keys_of(act.centre.hubs), answer.body.encode()
    text = press_text(hub, term, number, key or "", answer.status, body)
    if hub not in keys or not is_signed_by(keys[hub], signature, text):
        raise Refused(422, "not-signed", "answer: no hub of this centre signed it for this counter and key")
    if term > act.term:
        raise Refused(409, "later-term", f"this answer is of term {term}: follow the hub that leads")
    return Heard(hub, body)


@post("/v1/commits", status_code=200, request_max_body_size=MAX_BYTES, summary="Tell what another hub did")
async def take_commits(data: JSONBody[CommitsWish], serving: ServingDep) -> Response[dict[str, Any]]:
    """Take in what this log does not hold; without a session, since only what a hub of the centre signed counts."""

    def work() -> dict[str, Any]:
        with serving.hub.act() as act:
            heard = [(one.counter, believed(act, one.counter, one.key, one.answer)) for one in data.facts]
            taken = sum(take(act, number, one) for number, one in heard)
            return {"taken": taken, "term": act.term, "seq": act.seq}

    said = await serving.run(work)
    serving.changes.note()
    return Response(said, headers={"Cache-Control": "no-store"})
