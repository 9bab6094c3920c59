"""The commands of the contract, run as a user would run them."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from common.protocol.queue.claim import digits_of, token_digest
from tests.end_to_end.conftest import Town, run


def test_a_ticket_and_an_order_travel_from_the_counter_to_central(town: Town) -> None:
    town.fresh = True
    kiosk = town.enrol("one")
    minted = town.central("order-code", "--service", "civil-affairs").row
    assert set(minted) == {"code", "order"}
    kiosk.done("forward", "--once")  # brings the app's key by the feed
    tickets = kiosk.done("issue", "--service", "clearance", "--count", "3", "--no-print").rows
    assert [set(row) for row in tickets] == [{"id", "number", "service", "business_day", "print"}] * 3
    assert [row["number"] for row in tickets] == ["B1001", "B1002", "B1003"]
    assert {row["print"] for row in tickets} == {"skipped"}

    order = kiosk.done("order", "--no-print", minted["code"]).row
    assert order["outcome"] == "accepted"
    assert order["order"] == minted["order"]
    again = kiosk.done("order", "--no-print", minted["code"]).row
    assert again == {"id": order["id"], "outcome": "repeated", "order": minted["order"], "ticket": None}

    waiting = {row["id"] for row in kiosk.done("outbox", "list").rows}
    ours = {row["id"] for row in tickets} | {order["id"]}
    assert ours <= waiting
    kiosk.done("forward", "--once")
    assert kiosk.done("outbox", "list").out == ""
    everything = {row["id"]: row for row in kiosk.done("outbox", "list", "--all").rows}
    assert everything[tickets[0]["id"]]["number"] == "B1001"
    assert everything[tickets[0]["id"]]["business_day"] == tickets[0]["business_day"]
    applied = {row["id"]: row for row in town.central("inbox").rows}
    assert ours <= set(applied)
    assert set(applied[order["id"]]) == {"id", "kiosk", "kind", "seq"}


def test_an_order_says_the_number_that_it_was_given_with(town: Town) -> None:
    kiosk = town.enrol("one")
    paid, unpaid = (
        town.central("order-code", "--service", "civil-affairs", *more).row["code"] for more in ((), ("--unpaid",))
    )
    unverified = kiosk.done("order", "--no-print", paid).row  # the app's key has not come by the feed
    assert (unverified["outcome"], unverified["ticket"]) == ("accepted_unverified", "X1001")
    kiosk.done("forward", "--once")
    said = kiosk.done("order", "--no-print", unpaid).row
    assert (said["outcome"], said["ticket"]) == ("accepted_unpaid", "Y1001")
    given = {row["number"] for row in kiosk.done("outbox", "list").rows if row["kind"] == "ticket"}
    assert "Y1001" in given


def test_tickets_go_on_while_central_is_away_and_none_is_lost_or_doubled(town: Town) -> None:
    kiosk, port = town.enrol("one"), int(town.url.rsplit(":", 1)[1])
    town.stop_central()
    lines = "water-bill\nelectricity-bill\nwater-bill\n"
    tickets = kiosk.done("issue", "--stdin", "--no-print", given=lines).rows
    assert [row["number"] for row in tickets] == ["C1001", "C1002", "C1003"]
    away = kiosk("forward", "--once")
    assert away.status == 1
    assert away.err
    town.start_central(port)
    kiosk.done("forward", "--once")
    kiosk.done("forward", "--once")
    applied = [row["id"] for row in town.central("inbox").rows if row["kind"] == "ticket"]
    assert sorted(applied) == sorted(row["id"] for row in tickets)


def test_two_kiosks_of_a_centre_have_different_digits_and_one_order_is_settled_at_central(town: Town) -> None:
    first, second = town.enrol("one"), town.enrol("two")
    code = town.central("order-code", "--service", "state-employees").row["code"]
    results = []
    for kiosk in (first, second):
        kiosk.done("forward", "--once")
        results.append(kiosk.done("order", "--no-print", code).row)
    assert [row["outcome"] for row in results] == ["accepted", "accepted"]
    for kiosk in (first, second):
        kiosk.done("forward", "--once")
    applied = {row["id"] for row in town.central("inbox").rows if row["kind"] == "order"}
    assert applied == {row["id"] for row in results}
    numbers = [kiosk.done("issue", "--service", "plan-copy", "--no-print").row["number"] for kiosk in (first, second)]
    assert numbers == ["B1001", "B2001"]


def test_a_backlog_travels_on_a_stick(town: Town, tmp_path: Path) -> None:
    kiosk, stick = town.enrol("one"), tmp_path / "stick"
    stick.mkdir()
    ticket = kiosk.done("issue", "--service", "lease-copy", "--no-print").row
    kiosk.done("outbox", "export", str(stick))
    (export,) = [path for path in stick.rglob("*") if path.is_file()]
    town.central("import", str(export))
    town.central("import", str(export))
    assert [row["id"] for row in town.central("inbox").rows if row["kind"] == "ticket"] == [ticket["id"]]
    assert ticket["id"] in {row["id"] for row in kiosk.done("outbox", "list").rows}, "an import changes nothing here"
    kiosk.done("forward", "--once")
    assert kiosk.done("outbox", "list").out == ""


def test_what_can_not_be_done_is_said_in_a_sentence(town: Town) -> None:
    kiosk = town.enrol("one")
    for status, words in (
        (1, ["issue", "--service", "no-such-service", "--no-print"]),
        (1, ["outbox", "retry", "no-such-id"]),
        (1, ["outbox", "export", str(town.folder / "no-such-folder")]),
        (2, ["issue", "--no-print"]),
        (2, ["issue", "--service"]),
        (2, ["no-such-command"]),
        (2, ["sample", "no-such-paper"]),
        (2, ["demo", "--fault", "printer.on-fire"]),
    ):
        said = kiosk(*words)
        assert said.status == status, (words, said)
        assert said.err.strip(), words
        assert said.out == "", words


def test_a_kiosk_that_is_not_enrolled_says_so(town: Town) -> None:
    settings = town.settings("fresh")
    for words in (["issue", "--service", "clearance"], ["outbox", "list"], ["forward", "--once"], ["order", "SY1:X"]):
        said = run("kiosk", *words, "--config", str(settings))
        assert said.status == 1
        assert "enrol" in said.err
    wrong = run("kiosk", "enrol", "--central", town.url, "--code", "A" * 16, "--config", str(settings))
    assert wrong.status == 1
    assert run("kiosk", "issue", "--service", "clearance", "--config", str(town.folder / "none.toml")).status == 1


def test_garbage_orders_are_answered_and_recorded_nowhere(town: Town) -> None:
    kiosk = town.enrol("one")
    said = kiosk.done("order", "--stdin", "--no-print", given="hello\nSY1:QQQQ\n\nSY1:" + "A" * 900 + "\n")
    assert {row["outcome"] for row in said.rows} == {"unreadable"}
    assert {(row["id"], row["order"]) for row in said.rows} == {(None, None)}
    assert [row for row in kiosk.done("outbox", "list").rows if row["kind"] == "order"] == []


def test_what_a_technician_asks_and_prints_by_command(town: Town, tmp_path: Path) -> None:
    kiosk = town.enrol("one")
    kiosk.fresh = True
    assert len(kiosk("doctor", "--json").rows) >= 8
    assert {row["device"] for row in kiosk.done("devices", "--json").rows} == {"printer", "scanner", "card_reader"}
    assert kiosk.done("outbox", "dead").out == ""
    kiosk.done("sample", "ticket", "--raw", str(tmp_path / "job"))
    assert (tmp_path / "job").stat().st_size > 1000


def test_technicians_are_listed_and_a_manager_s_pin_has_ten_digits(town: Town) -> None:
    kiosk = town.enrol("one")
    pins = {
        role: town.central("technician", name, "--centre", "homs-main", "--role", role).row["pin"]
        for name, role in (("سامر", "technician"), ("ريم", "manager"))
    }
    assert {role: len(pin) for role, pin in pins.items()} == {"technician": 8, "manager": 10}
    assert kiosk.done("technicians").rows == []
    kiosk.done("forward", "--once")
    rows = kiosk.done("technicians", "--unlock").rows
    assert [set(row) for row in rows] == [{"id", "name", "role"}] * 2
    assert {(row["name"], row["role"]) for row in rows} == {("سامر", "technician"), ("ريم", "manager")}


def test_what_central_has_goes_out_again_on_a_technician_s_word(town: Town) -> None:
    kiosk = town.enrol("one")
    ticket = kiosk.done("issue", "--service", "clearance", "--no-print").row
    kiosk.done("forward", "--once")
    everything = kiosk.done("outbox", "list", "--all").rows
    (seq,) = [row["seq"] for row in everything if row["id"] == ticket["id"]]
    assert kiosk.done("outbox", "resend", "--since", str(seq)).row == {"resent": len(everything) - seq + 1}
    assert kiosk.done("outbox", "resend").row == {"resent": seq - 1}
    kiosk.done("forward", "--once")
    assert kiosk.done("outbox", "list").out == ""
    assert len(town.central("inbox").rows) == len(everything)


def test_a_number_for_an_earlier_paper_names_its_claim_and_what_names_no_ticket_gives_none(town: Town) -> None:
    kiosk = town.enrol("one")
    old = kiosk.done("issue", "--service", "clearance", "--no-print").row
    assert "claim" not in old
    for shown, claim in (
        (old["id"], {"kind": "carried", "id": old["id"]}),
        (f"SY1T:{old['id']}", {"kind": "carried", "id": old["id"]}),
        (digits_of(old["id"]), {"kind": "carried", "digits": digits_of(old["id"])}),
        (f"https://central.example/t/{'5d' * 16}", {"kind": "carried", "token_sha256": token_digest("5d" * 16)}),
    ):
        row = kiosk.done("issue", "--service", "clearance", "--claim", shown, "--no-print").row
        assert row["claim"] == claim
    for wrong in ("12345678", "B2001", ""):
        said = kiosk("issue", "--service", "clearance", "--claim", wrong, "--no-print")
        assert (said.status, said.out, len(said.err.splitlines())) == (1, "", 1)
    for usage in (["--stdin"], ["--service", "clearance", "--count", "2"]):
        assert kiosk("issue", *usage, "--claim", old["id"], given="clearance\n").status == 2


def test_a_claim_needs_no_service_and_each_outcome_its_exit_status(town: Town) -> None:
    kiosk = town.enrol("one")
    week = [
        {"group": "B", "weekday": day, "from": "00:00", "to": "23:45", "minutes": 15, "seats": 2} for day in range(1, 8)
    ]
    rules = {"desk_share": 0, "same_day_share": 0}
    plan = town.folder / "seats.json"
    plan.write_text(json.dumps({"centre": "homs-main", "rules": rules, "plan": week}))
    assert town.central("publish", "seats", str(plan)).status == 0

    def claim(kind: str, at: datetime) -> dict[str, str]:
        when = ("--at", f"{at:%Y-%m-%dT%H:%M}")
        return town.central("claim", "--centre", "homs-main", "--service", "clearance", *when, "--kind", kind).row

    now = datetime.now(ZoneInfo("Asia/Damascus"))
    afar = claim("afar", now)
    booked = claim("booked", (now + timedelta(days=1)).replace(hour=12, minute=0))
    unheard = kiosk("issue", "--claim", afar["code"], "--no-print")
    assert (unheard.status, unheard.out) == (1, "")
    assert unheard.err.startswith("unverified")
    # As `kiosk run` reports: who has not said which version it is hears of no kind that it may not know.
    (kiosk.settings.parent / "var" / "health.json").write_text(json.dumps({"version": "1.0.0"}))
    for _ in range(2):
        kiosk.done("forward", "--once")
    row = kiosk.done("issue", "--claim", afar["code"], "--no-print").row
    assert row["claim"] == {"kind": "afar", "id": afar["claim"], "outcome": "in-time"}
    assert row["service"] == "clearance"
    for code, outcome in ((afar["code"], "used"), (booked["code"], "other-day"), ("SY1:JUNK", "unreadable")):
        said = kiosk("issue", "--claim", code, "--no-print")
        assert (said.status, said.out, len(said.err.splitlines())) == (1, "", 1)
        assert said.err.startswith(outcome)
    assert town.central("claim", "cancel", booked["claim"]).status == 0
    kiosk.done("forward", "--once")
