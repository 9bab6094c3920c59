"""Promise 4: an item leaves the outbox only on a verified answer that names it. Every other answer is tried here."""

import threading
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.envelope import BatchAnswer, ItemResult
from common.protocol.message_signature import sign_response
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError, DeliveryRejected, refusal
from offline_store.delivery.outbox import dead_items, retry
from tests.kit.delivering import Delivering
from tests.kit.fake_central import DROPPED, PORTAL, Fault, Reply, status


def _resigned_by_another(reply: Reply) -> Reply:
    key = Ed25519PrivateKey.generate()
    headers = {"content-digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}
    signed = sign_response(
        200, reply.body, method="POST", url="http://127.0.0.1/x", request_headers=headers, key=key, keyid="deadbeef"
    )
    return replace(reply, headers={**reply.headers, **signed})


def _altered(reply: Reply) -> Reply:
    return replace(reply, body=reply.body.replace(b"applied", b"Applied", 1).replace(b"Applied", b"applieD", 1))


def _unsigned(reply: Reply) -> Reply:
    return replace(reply, headers={"Content-Type": "application/json"})


UNBELIEVABLE = {
    "a portal's page": Fault(instead=PORTAL),
    "an empty 200": Fault(instead=Reply(200)),
    "a dropped connection": Fault(instead=DROPPED),
    "a lost answer": Fault(reply=lambda _: DROPPED),
    "an answer cut short": Fault(reply=lambda reply: replace(reply, cut=len(reply.body) // 2)),
    "an answer cut to nothing": Fault(reply=lambda reply: replace(reply, cut=0)),
    "an unsigned answer": Fault(reply=_unsigned),
    "another signer": Fault(reply=_resigned_by_another),
    "an altered body": Fault(reply=_altered),
    "a redirect": Fault(instead=Reply(302, {"Location": "http://127.0.0.1:1/"})),
    "not found": status(404),
    "server error": status(500),
    "busy": status(503, "1"),
    "too many": status(429, "1"),
    "unauthorised": status(401),
    "forbidden": status(403),
    "created, unsigned": Fault(instead=Reply(201, {}, b"{}")),
    "JSON of another shape": Fault(instead=Reply(200, {}, b'{"results":[]}')),
}


@pytest.mark.parametrize("name", UNBELIEVABLE)
def test_an_unbelievable_answer_moves_nothing_and_the_same_ids_go_out_again(kiosk: Delivering, name: str) -> None:
    kiosk.tickets(5)
    before = kiosk.waiting()
    kiosk.central.faults.append(UNBELIEVABLE[name])
    with pytest.raises(DeliveryError):
        kiosk.forwarder.run_once()
    assert kiosk.waiting() == before
    kiosk.forwarder.run_once()
    assert set(kiosk.states().values()) == {"acknowledged"}
    assert list(kiosk.central.items) == before
    assert kiosk.central.batches[-1] == before


def test_an_answer_cut_at_every_byte_moves_nothing(kiosk: Delivering) -> None:
    kiosk.tickets(1)
    before = kiosk.waiting()
    kiosk.forwarder._take_time()
    length = len(msgspec.json.encode(BatchAnswer([ItemResult(one, "applied") for one in before], 0)))
    for cut in range(length):
        kiosk.central.faults.append(Fault(reply=lambda reply, cut=cut: replace(reply, cut=cut)))  # type: ignore[misc]
        with pytest.raises(DeliveryDeferred):
            kiosk.forwarder._drain.run(threading.Event())
    assert kiosk.waiting() == before


def test_a_partial_answer_takes_what_it_names_and_the_rest_goes_out_again(kiosk: Delivering) -> None:
    kiosk.tickets(9)
    before = kiosk.waiting()
    kiosk.central.faults.append(
        Fault(answer=lambda answer: msgspec.structs.replace(answer, results=answer.results[3:6]))
    )
    assert kiosk.forwarder.run_once() == len(before)
    assert kiosk.central.batches == [before, [*before[:3], *before[6:]]]
    assert kiosk.waiting() == []


def test_an_answer_in_another_order_is_as_good(kiosk: Delivering) -> None:
    kiosk.tickets(9)
    reverse = Fault(answer=lambda answer: msgspec.structs.replace(answer, results=answer.results[::-1]))
    kiosk.central.faults.append(reverse)
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
    assert len(kiosk.central.batches) == 1


@pytest.mark.parametrize("word", ["accepted", "applied-later", "retry", "x"])
def test_a_word_that_is_not_the_contracts_leaves_the_item_waiting(kiosk: Delivering, word: str) -> None:
    (ticket,) = kiosk.tickets(1)
    kiosk.central.refuse[ticket] = (word, "because")
    with pytest.raises(DeliveryDeferred):
        kiosk.forwarder.run_once()
    assert kiosk.waiting() == [ticket]


def test_an_answer_that_says_two_things_of_one_item_says_nothing(kiosk: Delivering) -> None:
    (ticket,) = kiosk.tickets(1)
    both = Fault(
        answer=lambda answer: BatchAnswer([*answer.results, ItemResult(ticket, "rejected", "no")], answer.acked_through)
    )
    kiosk.central.every["batches"] = both
    with pytest.raises(DeliveryDeferred, match="did not settle"):
        kiosk.forwarder.run_once()
    assert kiosk.waiting() == [ticket]


def test_what_is_said_of_items_that_were_not_sent_is_not_heard(kiosk: Delivering) -> None:
    kiosk.tickets(150)
    last = kiosk.waiting()[-1]
    early = Fault(answer=lambda answer: BatchAnswer([*answer.results[1:], ItemResult(last, "rejected", "no")], 0))
    kiosk.central.faults.append(early)
    kiosk.forwarder.run_once()
    assert kiosk.states()[last] == "acknowledged"
    assert kiosk.waiting() == []


@pytest.mark.parametrize("word", ["conflict", "rejected"])
def test_a_refused_item_is_set_aside_in_sight_and_in_nobodys_way(kiosk: Delivering, word: str) -> None:
    tickets = kiosk.tickets(3)
    kiosk.central.refuse[tickets[1]] = (word, "bad-hash")
    kiosk.forwarder.run_once()
    assert [kiosk.states()[one] for one in tickets] == ["acknowledged", "dead", "acknowledged"]
    assert kiosk.alarms() == {"dead-letters"}
    dead = dead_items(kiosk.store)
    assert [(row.id, row.reason) for row in dead] == [(tickets[1], f"{word}: bad-hash")]
    del kiosk.central.refuse[tickets[1]]
    retry(kiosk.store, tickets[1])
    kiosk.forwarder.run_once()
    assert kiosk.states()[tickets[1]] == "acknowledged"
    assert kiosk.alarms() == set()


def test_quarantined_is_in_centrals_custody(kiosk: Delivering) -> None:
    (ticket,) = kiosk.tickets(1)
    kiosk.central.refuse[ticket] = ("quarantined", "unreadable-body")
    kiosk.forwarder.run_once()
    assert kiosk.states()[ticket] == "acknowledged"


def test_413_halves_until_it_fits_and_then_grows_again(kiosk: Delivering) -> None:
    kiosk.tickets(199)
    kiosk.central.faults.extend([status(413), status(413)])
    kiosk.forwarder.run_once()
    # Several are under way at once, and central may take a later one up first.
    assert sorted(len(batch) for batch in kiosk.central.batches) == [25, 26, 50, 100]
    assert kiosk.waiting() == []


def poisoned(kiosk: Delivering, poison: list[str], code: int) -> Callable[[], None]:
    """Have central answer with `code` whenever one of these items is in a batch; give what ends that."""
    refuse, receive = status(code).instead, kiosk.central.respond
    assert refuse is not None

    def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        is_poisoned = any(item.encode() in body for item in poison)
        return refuse if is_poisoned else receive(method, target, headers, body)

    def cure() -> None:
        kiosk.central.respond = receive  # type: ignore[method-assign]

    kiosk.central.respond = respond  # type: ignore[method-assign]
    return cure


@pytest.mark.parametrize("code", [400, 413, 422])
def test_one_item_that_central_will_not_look_at_holds_up_no_other(kiosk: Delivering, code: int) -> None:
    kiosk.tickets(40)
    poison = kiosk.waiting()[17]
    cure = poisoned(kiosk, [poison], code)
    with pytest.raises(DeliveryRejected):
        kiosk.forwarder.run_once()
    assert kiosk.waiting() == [poison]
    assert kiosk.alarms() == {"items-held-back"}
    cure()
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
    assert kiosk.alarms() == set()


def test_however_many_items_central_will_not_look_at_what_comes_behind_goes_on(kiosk: Delivering) -> None:
    kiosk.tickets(20)
    poison = kiosk.waiting()
    cure = poisoned(kiosk, poison, 422)
    kiosk.tickets(3)
    rounds = 0
    while kiosk.waiting() != poison:
        rounds += 1
        assert rounds < 8
        with pytest.raises(DeliveryRejected):
            kiosk.forwarder.run_once()
    # They are known by now: nothing new waits for them, and they are tried again a few at a time, each in its turn.
    cured = poison.pop(11)
    while cured in kiosk.waiting():
        kiosk.tickets(3)
        before = kiosk.central.calls.count("batches")
        with pytest.raises(DeliveryRejected):
            kiosk.forwarder.run_once()
        assert set(kiosk.waiting()) <= {*poison, cured}
        assert kiosk.central.calls.count("batches") - before < 15
        rounds += 1
        assert rounds < 16
    assert kiosk.alarms() == {"items-held-back"}
    cure()
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []


def test_a_gateway_that_refuses_everything_is_not_asked_once_an_item(kiosk: Delivering) -> None:
    kiosk.tickets(300)
    before = kiosk.waiting()
    kiosk.central.every["batches"] = status(400)
    with pytest.raises(DeliveryRejected):
        kiosk.forwarder.run_once()
    assert kiosk.central.calls.count("batches") < 25
    assert kiosk.waiting() == before


def test_a_batch_stays_below_its_bytes(kiosk: Delivering) -> None:
    from offline_store.chain.audit import record

    for _ in range(40):
        record(kiosk.store, "test", kiosk.clock.now(), {"text": "x" * 15_000})
    kiosk.forwarder.run_once()  # the fake central asserts 256 KiB
    assert kiosk.waiting() == []
    assert len(kiosk.central.batches) > 2


def test_a_proxy_that_turns_many_away_is_told_in_words() -> None:
    assert "again in a minute" in str(refusal(429, {}, b"<html>Too Many Requests</html>"))
    reason = b'{"type":"/problems/too-many-wrong-codes","detail":"too many wrong codes"}'
    assert str(refusal(429, {}, reason)) == "central answered 429: too many wrong codes"
