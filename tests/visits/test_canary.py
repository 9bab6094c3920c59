"""Marked personal data through every flow that meets any, well ended or not: no file holds it in the clear."""

import base64
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from common.protocol.envelope import SealedContent, decode_body, seal_info
from devices.protocols import Card, Scan
from kiosk import logs
from kiosk.desk.desk import new_intention
from kiosk.desk.payments.paying import Paying
from kiosk.prompts.choosing import Done, ShowService, Start, TakeNumber
from kiosk.prompts.order import (
    ChooseCopies,
    ChooseDocument,
    ChooseKind,
    ChooseWay,
    ConfirmIdentity,
    HoldCode,
    OrderResult,
    PresentCard,
)
from kiosk.prompts.paid import PayCode
from kiosk.prompts.payment import BillOrNumber, BillShown, FindBill, NotPaid, TypeBillNumber
from kiosk.prompts.payment_ended import PaymentEnded
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Back, Home
from offline_store.delivery.export import export_backlog
from offline_store.disk import tables
from offline_store.disk.database import mark_damaged
from offline_store.issuing.sealing import SUITE
from offline_store.opening import open_store_in
from tests.kiosk.maintenance.given import OVER
from tests.kiosk.maintenance.scripted import SILENCE, Workshop
from tests.kit.answering_rows import AnsweringRows, Said
from tests.kit.desk import App
from tests.kit.logs import restored_logging
from tests.kit.payments import DEBT, SUBSCRIBER, make_known, payment, seal
from tests.kit.store import CENTRAL_PRIVATE_KEY, IDENTITY, MACHINE, stamp
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens, Step

PERSON = ("زنوبيا", "التدمري", "أذينة الثاني", "جوليا دومنا", "تدمر البيضاء", "04098765432")
WISH: tuple[Step, ...] = ((ChooseKind, ShowService("family")), (ChooseCopies, 1))
CARD = "#".join([*PERSON[:4], f"{PERSON[4]} 5-5-1985", PERSON[5], ""]).encode("cp1256")
WITHOUT_NUMBER = CARD.replace(PERSON[5].encode(), b"")
STRIPE = "%B4000001234567899^ZENOBIA/OF PALMYRA^"
ADDRESS = "https://app.example/me?name=Zenobia-of-Palmyra"


def forms(secret: str) -> set[bytes]:
    """How a text may stand in a file: as it is, escaped, in hex, in base64 at any place."""
    found = set()
    for raw in {secret.encode(encoding, "ignore") for encoding in ("utf-8", "cp1256", "utf-16-le", "unicode_escape")}:
        for before in range(3):  # only the letters that depend on nothing beside it
            coded = base64.b64encode(bytes(before) + raw)
            found.add(coded[-(-before * 4 // 3) : (before + len(raw)) * 4 // 3])
        found |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
    return {form for form in found if len(form) >= 6}


def leaks(folder: Path, secrets: list[str]) -> list[str]:
    """Name each file that holds a secret, and which."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    needles = [(secret, form) for secret in secrets for form in forms(secret)]
    return [f"{path.name}: {secret}" for path, data in files.items() for secret, form in needles if form in data]


def unsealed(lobby: Lobby) -> str:
    """What central finds in this store's items."""
    store = lobby.place.store
    found = []
    with store.read() as connection:
        for item in connection.execute(select(tables.items)).all():
            if sealed := decode_body(item.kind, item.body).sealed:
                info = seal_info(IDENTITY.kiosk, item.epoch, item.id)
                plain = SUITE.decrypt(base64.b64decode(sealed.data), CENTRAL_PRIVATE_KEY, info=info)
                content = msgspec.json.decode(plain, type=SealedContent)
                found.append(f"{content.code} {content.person}")
    return "\n".join(found)


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Path]:
    with restored_logging():
        logs.configure("run", tmp_path / "logs")
        yield tmp_path / "logs"


def visits(lobby: Lobby, codes: list[str]) -> list[Step]:
    """Every way in which personal data comes to the kiosk, and every way in which such a visit ends."""
    with_card: list[Step] = [
        (Start, "order"), (HoldCode, "new_order"), (ChooseDocument, ShowService("civil-affairs")), (ChooseWay, "card"),
        *WISH,
    ]  # fmt: skip
    held: list[Step] = [step for code in codes for step in ((Start, lobby.scans(code)), (OrderResult, Done()))]
    strange = [CARD, WITHOUT_NUMBER, ADDRESS.encode(), STRIPE.encode(), codes[0][:-9].encode()]
    refused: list[Step] = [(HoldCode, lobby.scans(one)) for one in strange]
    return [
        *held,
        (Start, lobby.scans(codes[0])), (OrderResult, Done()),
        (Start, "order"), *refused, (HoldCode, Home()),
        *with_card, (PresentCard, lobby.scans(CARD)), (ConfirmIdentity, "confirm"), (OrderResult, Done()),
        *with_card, (PresentCard, lobby.scans(CARD)), (ConfirmIdentity, "not_me"), (PresentCard, Home()),
        *with_card, (PresentCard, lobby.scans(CARD)), (ConfirmIdentity, RuntimeError(PERSON[0])), (NotNow, Done()),
        *with_card, (PresentCard, lobby.scans(WITHOUT_NUMBER)),
        (PresentCard, Happens(lambda: lobby.hand.cards.put_nowait(Card("magstripe", STRIPE.encode(), "•••7899")))),
        (PresentCard, lobby.scans(ADDRESS)), (PresentCard, Home()),
        (Start, Home()),
    ]  # fmt: skip


async def maintained(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A technician tries the reader with a card, looks at orders and events, and exports what can be exported."""
    monkeypatch.setattr("os.path.ismount", lambda _: True)
    workshop.devices.scanned = [Scan(CARD, "d1")]
    await workshop.play(
        ("overview", "tests"), ("tests", "scan"), ("test_scan", SILENCE), ("test_result", Back()), ("tests", Back()),
        ("overview", "tickets"), ("tickets", "orders"), ("orders", Back()), ("tickets", Back()),
        ("overview", "audit"), ("audit", Back()),
        ("overview", "logs"), ("logs", "export"), ("logs_export", Back()), ("logs", Back()), OVER,
    )  # fmt: skip


async def test_no_file_holds_anything_personal_whatever_the_flow(
    lobby: Lobby, logged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, stranger = lobby.place.app, App(kid=b"\xff\xff")
    codes = [app.code(), app.code(paid=False), stranger.code(), App(kid=app.kid).code(), app.code("passports")]
    await lobby.run(*visits(lobby, codes))
    lobby.place.desk.order_with_card("civil-affairs", intention=new_intention(), person={"first_name": PERSON[0]})

    workshop = Workshop(tmp_path / "technician")
    workshop.store.close()
    workshop.store, workshop.more = lobby.place.store, {"log_dir": logged}
    await maintained(workshop, monkeypatch)
    key = Ed25519PrivateKey.generate()
    stick = tmp_path / "technician" / "stick"
    _, exported = export_backlog(lobby.place.store, stick, lambda _: key, stamp())

    secrets = [*PERSON, "ZENOBIA", "Zenobia", STRIPE[2:18], *(code[20:60] for code in codes)]
    assert (tmp_path / "data" / "store.db-wal").stat().st_size > 0
    assert exported >= lobby.place.items("order") == 5
    assert (stick / next(path.name for path in stick.iterdir() if path.is_dir()) / "logs" / "run.log").stat().st_size
    assert leaks(tmp_path, secrets) == []
    opened = unsealed(lobby)
    assert [secret for secret in (*PERSON, *codes[:3]) if secret not in opened] == []

    lobby.place.store.close()
    mark_damaged(tmp_path / "data", "a test says so")
    open_store_in(tmp_path / "data", IDENTITY, stamp=stamp(), machine=MACHINE).close()
    assert (tmp_path / "data" / "damaged" / "0001").is_dir()
    assert leaks(tmp_path, secrets) == []


_REFUSED: Said = ("refused", {"reason": "being-paid"}, {})


async def test_no_file_holds_a_subscribers_number_or_name_however_a_payment_ends(
    lobby: Lobby, logged: Path, tmp_path: Path
) -> None:
    name = "زنوبيا التدمرية"
    make_known(lobby.place.store)
    lobby.paying = Paying(lobby.place.store, lobby.place.clock, lobby.tray)
    rows = AnsweringRows(lobby.place.store, {"bill": ("answered", DEBT, {"name_masked": name})})
    rows.answers["payment-state"] = payment("marked")
    rows.steps["payment"] = []
    way = {"typed": SUBSCRIBER, "scanned": lobby.scans(f"W{SUBSCRIBER}")}
    try:
        ends: list[Said] = [payment("marked"), payment("refund-due", reason="twice"), _REFUSED]
        for said in ends:
            rows.steps["payment"] = [payment("opened"), said] if said[0] != "refused" else [said]
            end: Step = (NotPaid, Done()) if said[0] == "refused" else (PaymentEnded, Done())
            code: list[Step] = [] if said[0] == "refused" else [(PayCode, Happens(lambda: None))]
            await lobby.run(
                (Start, TakeNumber("water-bill")),
                (BillOrNumber, "phone"),
                (FindBill, way["scanned"]),
                (BillShown, "phone"),
                *code,
                end,
            )
        await lobby.run(
            (Start, TakeNumber("water-bill")), (BillOrNumber, "phone"),
            (FindBill, lobby.scans(f"X{SUBSCRIBER}")), (FindBill, "type_number"),
            (TypeBillNumber, way["typed"]), (BillShown, RuntimeError(name)), (NotNow, Done()),
        )  # fmt: skip
    finally:
        rows.close()
    assert [asked for kind, asked in rows.asked if kind == "bill"] == [
        {"biller": "homs-water", "fields": {"subscriber": SUBSCRIBER}}
    ] * 4
    assert lobby.place.items("payment") == 2
    assert leaks(tmp_path, [SUBSCRIBER, *name.split(), seal()[20:60], "wallet.example/pay", "5d" * 16]) == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "utf-16-le", "unicode_escape"])
@pytest.mark.parametrize("before", range(3))
def test_the_search_itself_finds_what_lies_open(tmp_path: Path, encoding: str, before: int) -> None:
    raw = PERSON[1].encode(encoding)
    for form in (raw, raw.hex().encode(), base64.b64encode(b"x" * before + raw + b"yz")):
        (tmp_path / "file").write_bytes(b"{" + form + b"}")
        assert leaks(tmp_path, [PERSON[1]]) != []


@pytest.mark.parametrize("command", ["kiosk", "central"])
def test_no_command_leaves_a_core_however_it_is_started(command: str) -> None:
    said = (
        f"import resource; import {command}.commands.cli as cli;"
        "cli.cli = cli.app = lambda: print(*resource.getrlimit(resource.RLIMIT_CORE), flush=True); cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", said],
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)[1:] * 2),
    )
    assert done.stdout.split() == ["0", "0"]
