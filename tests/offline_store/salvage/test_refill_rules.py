"""What of a damaged store is believed: which copy of its own row, which of central's keys, and how much is lost."""

import base64
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.central_keys import key_id
from offline_store.salvage import refill

RAW = Ed25519PrivateKey.from_private_bytes(b"c" * 32).public_key().public_bytes_raw()
PUBLIC = base64.b64encode(RAW).decode()


@pytest.mark.parametrize(
    ("second", "last_seq", "lost"),
    [(None, 5, 0), (("e", 9), 5, 4), (("e", 9), 9, 0), (("e", 9), 12, 0), (("e", 9), None, 9), (("other", 9), 5, 0)],
)
def test_what_stood_behind_the_last_item_that_reads_is_lost(
    second: tuple[str, int] | None, last_seq: int | None, lost: int
) -> None:
    head = None if second is None else SimpleNamespace(epoch=second[0], before=second[1])
    found = SimpleNamespace(second_head=head, former_epoch="e")
    assert refill._lost(cast("Any", found), last_seq) == lost


def test_of_copies_of_the_store_s_row_the_latest_of_the_named_epoch_counts() -> None:
    rows: list[dict[str, Any]] = [
        {"epoch": "e", "head_seq": 3}, {"epoch": "e", "head_seq": 7}, {"epoch": "f", "head_seq": 9},
        {"epoch": "e", "head_seq": None},
    ]  # fmt: skip

    def former(epoch: str | None, copies: list[dict[str, Any]]) -> Any:
        return refill._former_store(cast("Any", SimpleNamespace(both=lambda _: copies, former_epoch=epoch)))

    assert [former(epoch, rows) for epoch in ("e", "f", "g", None)] == [rows[1], rows[2], rows[2], rows[2]]
    assert former("e", []) == {}


def test_only_a_key_that_is_what_its_id_says_is_believed() -> None:
    good = {"kid": key_id(RAW), "purpose": "signing", "public_key": PUBLIC}
    short = base64.b64encode(RAW[:31]).decode()
    records = [
        good,
        good | {"kid": "another"},
        good | {"purpose": "sealing"},
        good | {"public_key": short, "kid": key_id(RAW[:31])},
        good | {"public_key": "no base64!"},
    ]
    own = SimpleNamespace(kid="k-1", purpose="signing", public_key="QUJD")
    identity = SimpleNamespace(central_keys=(own, SimpleNamespace(kid="k-2", purpose="sealing", public_key="x")))
    found = SimpleNamespace(by_scan=lambda table: records if table == "central_keys" else [])
    assert list(refill._signing_keys(cast("Any", found), cast("Any", identity))) == [
        {"kid": "k-1", "purpose": "signing", "public_key": "QUJD", "current": 1, "added": 0},
        good,
    ]


@pytest.mark.parametrize(
    ("states", "lost", "said"),
    [
        ([], 0, "0 items read, 0 of them to be delivered"),
        ([("waiting", 3), ("acknowledged", 9)], 0, "12 items read, 3 of them to be delivered"),
        ([("dead", 1)], 4, "1 items read, 0 of them to be delivered; at least 4 of the newest items are lost"),
    ],
)  # fmt: skip
def test_a_salvage_says_what_was_read_and_what_is_lost(states: list[tuple[str, int]], lost: int, said: str) -> None:
    second = SimpleNamespace(epoch="e", before=10)
    found = SimpleNamespace(aside="0002", second_head=second, former_epoch="e")
    connection = SimpleNamespace(execute=lambda _: states)
    head = SimpleNamespace(epoch="n")
    text = refill._summary(cast("Any", connection), cast("Any", found), cast("Any", head), 10 - lost)
    assert text == f"damaged files kept in damaged/0002; {said}"
