"""The demo's hub, operator, wallet and biller as the town sets them up, and what its telephone does."""

import json
import tomllib
from pathlib import Path
from typing import Any, cast
from unittest import mock

import httpx2
import pytest

from demo import centre as of_centre
from demo import messages as of_messages
from demo.centre import CENTRE, COUNTERS, Centre
from demo.messages import ORDER, OWNER, Operator
from demo.payments import till as of_till
from demo.payments.till import Till, pay_by_telephone
from demo.processes import DemoFailed
from tests.demo.conftest import Processes


def test_a_hub_is_enrolled_named_and_started(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(of_centre, "free_port", lambda: 8090)
    asked: list[Any] = []
    pins = {"Rana": "1111", "Huda": "2222"}

    def central(*words: str, given: str | None = None) -> str:
        asked.append(words if given is None else (*words, json.loads(given)))
        said = {"enrolment-code": {"code": "CODE"}, "clerk": {"pin": pins.get(words[1])}}
        return json.dumps(said.get(words[0], {}))

    processes.says["start hub"] = "ready"
    made = Centre(tmp_path, cast("Any", processes), central)
    made.build("http://c")
    assert (made.clerk_pin, made.manager_pin, made.url) == ("1111", "2222", "http://127.0.0.1:8090")
    assert asked == [
        ("enrolment-code", "--centre", CENTRE, "--role", "hub"), ("publish", "counters", "-", COUNTERS),
        ("clerk", "Rana", "--centre", CENTRE), ("clerk", "Huda", "--centre", CENTRE, "--role", "manager"),
    ]  # fmt: skip
    own = ("--config", str(tmp_path / "hub.toml"))
    assert processes.did == [
        ("hub", "enrol", "--central", "http://c", "--code", "CODE", *own), ("hub", "forward", "--once", *own),
        ("start", "hub", "serve", "--json", *own), ("start", "hub-forward", "forward", *own),
    ]  # fmt: skip
    assert tomllib.loads((tmp_path / "hub.toml").read_text()) == {
        "hub": {"centre": CENTRE, "data_dir": "hub", "listen": "127.0.0.1:8090", "address": "http://127.0.0.1:8090"},
        "central": {"url": "http://c"},
    }
    count = len(processes.did)
    processes.running.add("hub")
    made.start()
    assert len(processes.did) == count, "it runs already"
    processes.says["events"] = '{"number": "A1"}\n{"kind": "x"}\n{"number": "A2"}\n'
    assert [made.knows(one) for one in ({"A1"}, {"A1", "A2"}, {"A1", "A3"}, set())] == [True, True, False, True]


def test_an_owner_is_told_that_his_order_is_ready(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(of_messages, "free_port", lambda: 8070)
    operator, asked = Operator(tmp_path, cast("Any", processes)), list[Any]()
    assert processes.did == [("start", "gateway", "-m", "demo.gateway", "8070")]
    assert tomllib.loads(operator.settings.read_text()) == {
        "http": {"url": "http://127.0.0.1:8070/send", "token_file": "gateway-token", "price": 150}
    }
    assert ((tmp_path / "gateway-token").stat().st_mode & 0o777, (tmp_path / "gateway-token").read_text()) == (
        0o600,
        "demo",
    )

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append((request.method, request.url.path, request.headers["Authorization"], json.loads(request.content)))
        return httpx2.Response(204)

    client = httpx2.Client
    monkeypatch.setattr(httpx2, "Client", lambda **how: client(**how, transport=httpx2.MockTransport(answer)))
    log = tmp_path / "gateway.log"
    log.write_text(f'{{"to": "+1"}}\n{{"to": "{OWNER}", "text": "It is ready"}}\n')
    told: list[Any] = []

    def central(*words: str, given: str | None = None) -> str:
        told.append((words, None if given is None else json.loads(given)))
        return '{"token": "t"}'

    assert operator.tell_an_owner(central, "http://c") == "It is ready"
    assert asked == [
        ("PUT", f"/v1/orders/{ORDER['order']}/contact", "Bearer t", {"phone": OWNER}),
        ("POST", "/v1/order-states", "Bearer t", {"states": [ORDER]}),
    ]
    rules = {"centre": None, "kinds": ["order-ready"], "hours": {"from": "00:00", "to": "23:59"}}
    assert told == [
        (("publish", "messages", "-"), rules), (("system", "give", "owners-app", "--may", "order-states"), None),
    ]  # fmt: skip
    log.write_text("")
    monkeypatch.setattr(of_messages, "wait_until", lambda is_so, within_s: is_so())
    with pytest.raises(DemoFailed, match=rf"^the owner of an order was not written to; the gateway's log is {log}$"):
        operator.tell_an_owner(central, "http://c")


def test_wallet_and_biller_have_secrets_of_their_own_and_central_a_file_that_names_them(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ports = iter([7001, 7002])
    monkeypatch.setattr(of_till, "free_port", lambda: next(ports))
    made, own = Till(tmp_path, cast("Any", processes)), tmp_path / "payments"
    assert processes.did == [
        ("start", "wallet", "-m", "demo.payments.wallet", "7001", str(own)),
        ("start", "biller", "-m", "demo.payments.biller", "7002", str(own)),
    ]
    names = ("wallet-agent", "wallet-secret", "biller-token")
    assert [(len((own / name).read_text()), (own / name).stat().st_mode & 0o777) for name in names] == [
        (16, 0o600), (44, 0o600), (32, 0o600),
    ]  # fmt: skip
    said = tomllib.loads(made.settings.read_text(encoding="utf-8"))
    assert (said["payers"]["wallet"]["url"], said["billers"]["homs-water"]["url"]) == (
        "http://127.0.0.1:7001", "http://127.0.0.1:7002",
    )  # fmt: skip


@pytest.mark.parametrize("said", [b"<p>B1: paid</p>", b"<p>B1: to be paid</p>"])
def test_the_telephone_pays_at_the_address_of_the_code(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    asked: list[Any] = []

    def opened(url: str, **how: Any) -> Any:
        asked.append((url, how))
        answer = mock.MagicMock()
        answer.__enter__.return_value.read.return_value = said
        return answer

    monkeypatch.setattr("urllib.request.urlopen", opened)
    if b": paid" in said:
        pay_by_telephone("http://w/1")
    else:
        with pytest.raises(DemoFailed, match=r"^the wallet took no money at http://w/1$"):
            pay_by_telephone("http://w/1")
    assert asked == [("http://w/1", {"data": b"", "timeout": 20.0})]
