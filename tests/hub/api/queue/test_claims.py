"""What a kiosk is answered of eight digits that somebody typed, and who is answered nothing."""

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.queue.claim import ClaimAsked
from tests.hub.api.conftest import KIOSK_KEY, Stage, named
from tests.hub.engine.promised.promises import Promises

DIGITS = "12345674"


async def ask(stage: Stage, body: Any, kiosk: str = "kiosk-1", key: Ed25519PrivateKey = KIOSK_KEY) -> tuple[int, Any]:
    answer = await stage.post_signed(kiosk, msgspec.json.encode(body), key=key, path="claims")
    if answer.status_code == 200:
        assert answer.headers["signature"], "a kiosk believes its hub alone"
        return 200, answer.json()
    return answer.status_code, (answer.json()["type"].removeprefix("/problems/"), answer.json()["detail"])


async def test_an_open_claim_is_answered_whole_and_of_others_nothing_is_said(stage: Stage) -> None:
    promises = Promises(stage.hall)
    claim = promises.claim(600, digits=DIGITS)
    promises.expect(claim)
    assert await ask(stage, {"digits": DIGITS}) == (
        200,
        {
            "id": claim.id, "kind": "booked", "service": "civil-affairs", "at": claim.at, "minutes": 15,
            "expires": claim.expires, "used": False,
        },
    )  # fmt: skip
    unknown = (404, ("not-found", "no open claim of this centre has these digits"))
    assert await ask(stage, {"digits": "00000000"}) == unknown
    promises.withdraw(claim)
    assert await ask(stage, {"digits": DIGITS}) == unknown


async def test_only_a_kiosk_of_this_centre_is_answered(stage: Stage) -> None:
    assert (await ask(stage, {"digits": DIGITS}, key=Ed25519PrivateKey.generate()))[0] == 401
    assert (await ask(stage, {"digits": DIGITS}, kiosk="kiosk-9"))[0] == 401
    named(stage.hall, revoked=frozenset({1}), message_id=3)
    assert await ask(stage, {"digits": DIGITS}) == (403, ("kiosk-revoked", "this kiosk was revoked"))


@pytest.mark.parametrize("body", [{"digits": "1234567"}, {"digits": "123456789"}, {}, [], {"digits": 12345674}])
async def test_what_is_no_question_is_named(stage: Stage, body: Any) -> None:
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.convert(body, ClaimAsked)
    assert await ask(stage, body) == (400, ("bad-request", str(wrong.value)))
