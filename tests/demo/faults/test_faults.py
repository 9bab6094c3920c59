"""Each fault of the demo comes about by its own deed, and is taken back; the town only notes what is done to it."""

import signal
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest import mock

import base45
import pytest

from demo.devices import ups_server
from demo.faults import of_central, of_citizens, of_orders
from demo.faults.fault import Fault
from demo.faults.fault_names import FAULTS
from demo.faults.faults import known
from demo.faults.of_citizens import ORDER_NUMBER
from demo.town import do_nothing

SWITCHED = [name for name in FAULTS if name.startswith(("printer.", "scanner.", "card-reader."))]
SWITCHED = [name for name in SWITCHED if not name.endswith(".missing")]


def town(**parts: Any) -> mock.Mock:
    made = mock.Mock(codes=["SY1:FIRST"], presses_each=1, **parts)
    made.order_code.return_value = "SY1:MINTED"
    made.order.return_value = {"order": "0f" * 16, "code": "SY1:ORDERED"}
    return made


def test_every_name_has_its_fault_and_every_fault_its_name() -> None:
    found = known()
    assert list(found) == list(FAULTS)
    assert {name: fault.name for name, fault in found.items()} == {name: name for name in FAULTS}


def test_of_devices_and_of_the_scanner_are_told_by_name_and_mend() -> None:
    found = known()
    of_device = {name for name, fault in found.items() if fault.is_of_device}
    assert of_device == {name for name in FAULTS if name.partition(".")[0] in {"printer", "scanner", "card-reader"}}
    assert {name for name, fault in found.items() if fault.is_of_scanner} == {"scanner.unplugged", "scanner.babbling"}


@pytest.mark.parametrize("name", SWITCHED)
def test_a_simulated_device_is_switched_over_and_back(name: str) -> None:
    here, fault = town(), known()[name]
    fault.begin(here)
    assert here.devices.turn_fault.mock_calls == [mock.call(is_on=True)]
    assert fault.mend is not None
    fault.mend(here)
    assert here.devices.turn_fault.mock_calls[1:] == [mock.call(is_on=False)]


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("power.battery", ups_server.BATTERY),
        ("power.orders-closed", ups_server.ORDERS_CLOSED),
        ("power.low", ups_server.NEARLY_EMPTY),
    ],
)
def test_the_battery_says_so_and_the_mains_come_back(name: str, variables: dict[str, str]) -> None:
    here, fault = town(), known()[name]
    fault.prepare(here)
    assert here.ups.variables == variables
    assert fault.mend is not None
    fault.mend(here)
    assert here.ups.variables == ups_server.MAINS


ORDERS: dict[str, tuple[list[str], dict[str, Any] | None]] = {
    "order.unreadable": (["https://example.org/menu", "SY1:FIRST"], None),
    "order.repeated": (["SY1:FIRST", "SY1:FIRST"], None),
    "order.unpaid": (["SY1:MINTED"], None),
    "order.expired": (["SY1:MINTED"], None),
    "order.other-centre": (["SY1:MINTED"], None),
    "order.unknown-service": (["SY1:MINTED"], None),
    **{
        f"order.{word}": (["SY1:ORDERED"], {"order": "0f" * 16, "state": state})
        for word, state in {
            "ready": "ready", "collected": "collected", "in-progress": "in_progress", "by-post": "by_post",
        }.items()
    },
}  # fmt: skip
OPTIONS = {
    "order.unpaid": mock.call("--unpaid", service="state-employees"),
    "order.expired": mock.call("--expires-in", "-3600", service="state-employees"),
    "order.other-centre": mock.call("--centre", "homs-new", service="state-employees"),
    "order.unknown-service": mock.call(service="no-such-service"),
}


@pytest.mark.parametrize("name", ORDERS)
def test_the_citizen_brings_the_code_that_comes_out_so(name: str) -> None:
    here = town()
    known()[name].publish(here)
    codes, state = ORDERS[name]
    assert here.codes == codes
    assert here.order_code.mock_calls == [OPTIONS[name] for _ in OPTIONS.keys() & {name}]
    said = [call.args for call in here.publish.mock_calls]
    assert [kind for kind, _ in said] == ["order-state"] * (state is not None)
    for _, body in said:
        at = body.pop("at")
        assert body == state
        assert datetime.fromisoformat(at).utcoffset() is not None
        assert at.endswith("Z")


def test_a_changed_code_differs_in_one_bit_of_its_key_s_name_or_its_signature() -> None:
    raw = b"\x01\x04\x42\x10\x20body\x04\x42sign"
    code = of_orders.PREFIX + base45.b45encode(raw).decode()
    assert _raw(of_orders.changed(code, kid=True)) == b"\x01\x04\x42\x11\x20body\x04\x42sign"
    assert _raw(of_orders.changed(code, kid=False)) == raw[:-1] + b"o"
    for name, kid in (("order.forged", False), ("order.unverified", True)):
        here = town()
        here.codes = [code]
        known()[name].publish(here)
        assert here.codes == [of_orders.changed(code, kid=kid)]


def _raw(code: str) -> bytes:
    assert code.startswith("SY1:")
    raw: bytes = base45.b45decode(code.removeprefix("SY1:"))
    return raw


@pytest.mark.parametrize(
    ("hour", "times"), [(0, ("20:00", "21:00")), (11, ("20:00", "21:00")), (12, ("01:00", "02:00"))]
)
def test_a_place_that_is_closed_now_is_open_at_another_hour(hour: int, times: tuple[str, str]) -> None:
    assert of_central.another_hour(datetime(2026, 11, 25, hour, 59)) == times  # noqa: DTZ001 (the hour alone)


def test_closed_hours_and_quotas_are_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_central, "another_hour", lambda _: ("20:00", "21:00"))
    hours = {"opens": "20:00", "closes": "21:00"}
    assert known()["centre.closed"].settings() == {"kiosk": hours}
    for name, service in (
        ("service.closed", {"code": "civil-affairs", "hours": hours}),
        ("service.quota-full", {"code": "civil-affairs", "daily_quota": 1}),
    ):
        here = town()
        known()[name].publish(here)
        assert here.publish.mock_calls == [mock.call("catalogue", {"services": [service]})]
    here = town()
    known()["service.quota-full"].begin(here)
    assert here.kiosk.mock_calls == [mock.call("issue", "--service", "civil-affairs", "--no-print")]


@pytest.mark.parametrize(
    ("name", "deeds"),
    [
        ("central.down", [("begin", "processes.stop", ("central",))]),
        ("network.away", [("begin", "processes.signal", ("central", signal.SIGSTOP)),
                          ("mend", "processes.signal", ("central", signal.SIGCONT))]),
        ("central.refusing", [("after_ticket", "processes.signal", ("forward", signal.SIGCONT))]),
        ("hub.down", [("begin", "processes.stop", ("hub",)), ("mend", "centre.start", ())]),
        ("hub.killed", [("at_counter", "processes.kill", ("hub",))]),
        ("centre.needs-paper", [("begin", "devices.emupos.turn", ("paper-out",))]),
    ],
)  # fmt: skip
def test_processes_are_stopped_held_and_started_again(name: str, deeds: list[tuple[str, str, tuple[Any, ...]]]) -> None:
    for when, what, given in deeds:
        here = town()
        getattr(known()[name], when)(here)
        assert [(call[0], call[1]) for call in here.mock_calls] == [(what, given)]


@pytest.mark.parametrize("name", ["central.down", "clock.untrusted"])
@pytest.mark.parametrize("is_running", [True, False])
def test_central_is_started_again_only_where_it_does_not_run(name: str, is_running: bool) -> None:
    here, mend = town(), known()[name].mend
    here.processes.is_running.return_value = is_running
    assert mend is not None
    mend(here)
    assert here.start_central.call_count == (not is_running)
    assert here.try_now.call_count == (name == "clock.untrusted")


def test_a_revoked_kiosk_hears_of_it_only_with_its_number(tmp_path: Any) -> None:
    (tmp_path / "enrolment.json").write_text('{"kiosk": "kiosk-7"}')
    here = town(config=SimpleNamespace(data_dir=tmp_path))
    known()["central.refusing"].begin(here)
    assert here.mock_calls == [
        mock.call.processes.signal("forward", signal.SIGSTOP),
        mock.call.central("revoke", "kiosk-7"),
    ]


def test_pressing_twice_paper_and_what_central_says_of_papers_and_orders() -> None:
    here = town()
    known()["counter.double-press"].at_counter(here)
    assert here.presses_each == 2
    paper = known()["centre.needs-paper"]
    assert paper.mend is not None
    for deed, is_on in ((paper.begin, True), (paper.mend, False)):
        deed(here)
        assert here.devices.emupos.turn.mock_calls[-1] == mock.call("paper-out", is_on=is_on)
    assert paper.settings() == {"kiosk": {"paperless": False}}
    known()["citizen.types-number"].publish(here)
    body = {"order": "0f" * 16, "number": ORDER_NUMBER, "state": "in_progress", "service": "state-employees"}
    assert here.publish.mock_calls[-1] == mock.call("order-state", body)
    known()["citizen.reads-first"].publish(here)
    kind, said = here.publish.mock_calls[-1].args
    assert (kind, said["services"][0]["fee"]) == ("catalogue", {"amount_minor": 0, "currency": "SYP"})


def test_staff_is_called_once_the_kiosk_has_heard_twice_of_its_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = iter([None, 5, 5, 7])
    words = (None if at is None else SimpleNamespace(heard_boot_ns=at) for at in heard)
    monkeypatch.setattr(of_citizens, "read_word", lambda folder: next(words) if folder == "data" else None)
    looks: list[bool] = []
    monkeypatch.setattr(of_citizens, "wait_until", lambda is_so, _: looks.extend(is_so() for _ in range(4)))
    known()["citizen.calls-staff"].begin(town(config=SimpleNamespace(data_dir="data")))
    assert looks == [False, False, False, True]


def test_what_ends_otherwise_is_said_of_the_fault() -> None:
    found, usual = known(), Fault()
    assert [name for name, one in found.items() if not one.takes_orders] == ["scanner.missing"]
    assert [name for name, one in found.items() if not one.is_delivered] == ["central.refusing"]
    assert [name for name, one in found.items() if one.hesitates] == ["citizen.hesitates"]
    assert [name for name, one in found.items() if one.by_technician] == ["technician.out-of-service"]
    assert (usual.publish, usual.mend, usual.settings(), usual.walk) == (do_nothing, None, {}, ())
    assert all(one.walk[-1].screen in ("start", "window") for one in found.values() if one.walk)
