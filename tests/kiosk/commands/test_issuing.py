"""`kiosk issue` and `kiosk order` over a desk that notes what it is asked, and the lines that each prints."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from common.machine.errors import CannotBeDone
from common.protocol.queue.claim import TicketClaim
from kiosk.commands import console_input, issuing
from kiosk.commands.cli import cli
from kiosk.desk.answers import Issued, OrderRecorded, PaperOutcome, Refusal, Refused
from kiosk.desk.claims.outcome import ClaimOutcome
from kiosk.desk.claims.showing import ClaimShown
from kiosk.desk.outcome import Outcome

EARLIER = "3f2c9d1e-0000-4000-8000-000000000001"
GIVEN = Issued("t1", "A1001", "clearance", "2026-11-25", None)
LINE = {"id": "t1", "number": "A1001", "service": "clearance", "business_day": "2026-11-25", "print": "printed"}
NO = Refused(next(iter(Refusal)), "the centre is closed")
CLAIM = SimpleNamespace(kind="booked", id="c1")


class Desk:
    """Answers what it is told to; `did` is what it was asked."""

    def __init__(self) -> None:
        self.did: list[tuple[Any, ...]] = []
        self.issues: dict[str, Issued | Refused] = {"closed": NO}
        self.claimed: Any = None
        self.ordered: Any = None
        self.intentions: set[str] = set()

    def issue(self, code: str, *, intention: str, claim: TicketClaim | None) -> Issued | Refused:
        self.intentions.add(intention)
        self.did.append(("issue", code, claim))
        return self.issues.get(code, GIVEN)

    def claim(self, text: str) -> Any:
        self.did.append(("claim", text))
        return self.claimed

    def order(self, text: str, *, intention: str) -> Any:
        self.intentions.add(intention)
        self.did.append(("order", text))
        return self.ordered

    def print_ticket(self, ticket: Issued) -> PaperOutcome:
        self.did.append(("ticket", ticket.number))
        return PaperOutcome("printed")

    def print_receipt(self, order: OrderRecorded) -> PaperOutcome:
        self.did.append(("receipt", order.id))
        return PaperOutcome("printed")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    found = Desk()

    @contextmanager
    def open_desk(_settings: object, *, printing: bool) -> Iterator[Desk]:
        found.did.append(("open", printing))
        yield found

    monkeypatch.setattr(issuing, "open_desk", open_desk)
    monkeypatch.setattr(issuing, "Settings", lambda path: path)
    return found


def rows(*words: str, given: str = "") -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, list(words), input=given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_tickets_are_given_printed_and_each_is_an_intention_of_its_own(desk: Desk) -> None:
    assert rows("issue", "--service", "clearance", "--count", "3") == [LINE] * 3
    assert desk.did == [("open", True), *[("issue", "clearance", None), ("ticket", "A1001")] * 3]
    assert len(desk.intentions) == 3
    desk.did.clear()
    assert rows("issue", "--service", "clearance", "--no-print", "--json") == [LINE | {"print": "skipped"}]
    assert desk.did == [("open", False), ("issue", "clearance", None)]


def test_a_line_that_cannot_be_done_costs_the_others_nothing(desk: Desk) -> None:
    with pytest.raises(CannotBeDone, match=r"^2 could not be done$"):
        rows("issue", "--stdin", given="clearance\n\nclosed\nclosed\nwater-bill")
    assert [words[1] for words in desk.did if words[0] == "issue"] == ["clearance", "closed", "closed", "water-bill"]
    with pytest.raises(CannotBeDone, match=r"^the centre is closed$"):
        rows("issue", "--service", "closed", "--count", "2")
    assert [words[1] for words in desk.did if words[0] == "issue"][4:] == ["closed"]


@pytest.mark.parametrize(
    "words",
    [
        ("issue",),
        ("issue", "--stdin", "--service", "clearance"),
        ("issue", "--stdin", "--count", "2"),
        ("issue", "--service", "clearance", "--count", "2", "--claim", EARLIER),
        ("issue", "--stdin", "--claim", EARLIER),
        ("issue", "--service", "clearance", "--count", "0"),
        ("issue", "--service", "clearance", "--count", "100001"),
        ("order",),
        ("order", "SY1:X", "--stdin"),
    ],
)
def test_words_that_do_not_go_together_are_refused_before_a_desk_is_opened(desk: Desk, words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli, list(words)).exit_code == 2
    assert desk.did == []


def test_an_earlier_paper_is_passed_on_with_the_service(desk: Desk) -> None:
    rows("issue", "--service", "clearance", "--claim", EARLIER)
    assert desk.did[1] == ("issue", "clearance", TicketClaim("carried", id=EARLIER))
    with pytest.raises(CannotBeDone, match="names no ticket"):
        rows("issue", "--service", "clearance", "--claim", "nothing")
    shown = Issued("t1", "A1001", "clearance", "2026-11-25", None, claim=TicketClaim("carried", id=EARLIER))
    line = issuing._ticket(shown, cast("Any", desk), no_print=False)
    assert line == LINE | {"claim": {"kind": "carried", "id": EARLIER}}


@pytest.mark.parametrize("words", [("--claim", "SY1C:X"), ("--claim", "SY1:X", "--service", "clearance")])
def test_a_claim_of_central_s_gives_its_own_number(desk: Desk, words: tuple[str, ...]) -> None:
    desk.claimed = ClaimShown(ClaimOutcome.LATE, cast("Any", CLAIM), GIVEN)
    claim = {"claim": {"kind": "booked", "id": "c1", "outcome": "late"}}
    assert rows("issue", *words) == [LINE | claim]
    assert rows("issue", *words, "--no-print") == [LINE | claim | {"print": "skipped"}]
    assert [one for one in desk.did if one[0] == "open"] == [("open", True), ("open", False)]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (NO, "the centre is closed"),
        (ClaimShown(ClaimOutcome.IN_TIME, cast("Any", CLAIM), None, NO), "the centre is closed"),
        *(
            (ClaimShown(one, cast("Any", CLAIM), GIVEN), f"{one.value}: ")
            for one in ClaimOutcome
            if not one.gives_number
        ),
    ],
)
def test_why_a_claim_gives_no_number_is_said(desk: Desk, shown: Any, said: str) -> None:
    assert set(issuing._WHY_NOT) == {one for one in ClaimOutcome if not one.gives_number}
    desk.claimed = shown
    with pytest.raises(CannotBeDone) as refused:
        rows("issue", "--claim", "SY1C:X")
    assert str(refused.value).startswith(said)
    assert not [one for one in desk.did if one[0] == "ticket"]


@pytest.mark.parametrize(
    ("answer", "papers"),
    [
        (OrderRecorded(next(iter(Outcome)), "o1", "0f", ticket=GIVEN), [("receipt", "o1")]),
        (OrderRecorded(next(iter(Outcome)), "o1", "0f"), [("receipt", "o1")]),
        (OrderRecorded(next(iter(Outcome)), None, "0f", ticket=GIVEN), [("ticket", "A1001")]),
        (OrderRecorded(next(iter(Outcome))), []),
    ],
)
def test_of_an_order_the_receipt_is_printed_or_else_its_ticket(
    desk: Desk, answer: OrderRecorded, papers: list[tuple[str, str]]
) -> None:
    desk.ordered = answer
    number = None if answer.ticket is None else "A1001"
    line = {"id": answer.id, "outcome": answer.outcome.value, "order": answer.order, "ticket": number}
    assert rows("order", "SY1:X") == [line]
    assert desk.did == [("open", True), ("order", "SY1:X"), *papers]
    assert rows("order", "SY1:X", "--no-print") == [line]
    assert desk.did[-1] == ("order", "SY1:X")
    desk.ordered = NO
    with pytest.raises(CannotBeDone, match="the centre is closed"):
        rows("order", "SY1:X")


def test_of_a_line_that_is_too_long_only_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    most = console_input.LONGEST_LINE
    pieces = iter(["short\r\n", "x" * most, "x" * most, "rest\n", "y" * (most - 1) + "\n", "last", "", ""])
    asked: list[int] = []

    def readline(limit: int) -> str:
        asked.append(limit)
        return next(pieces)

    monkeypatch.setattr(console_input, "sys", SimpleNamespace(stdin=SimpleNamespace(readline=readline)))
    assert list(console_input._lines()) == ["short", "x" * most, "y" * (most - 1), "last"]
    assert set(asked) == {4096}
