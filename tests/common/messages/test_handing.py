"""What a gateway's answers and a modem's words are to who hands a text, case by case."""

import http.client
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from common.messages import modem as modems
from common.messages.gateway import Gateway
from common.messages.modem import ModemChannel, device_of, open_channel
from common.messages.modem_note import ModemSaid, last_said
from common.messages.port import ChannelBusy, ChannelUnavailable, Received, Report, Sent
from common.messages.posting import NotReached
from common.messages.settings import HttpSection, ModemSection
from devices.errors import DeviceError, DeviceFault
from devices.modem.messages import Fate, Handed, Modem, NotHanded
from devices.settings import DeviceSettings

NUMBER = "+963944000111"


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(" secret-token\n")
    path.chmod(0o600)
    return path


def gateway(token: Path, monkeypatch: pytest.MonkeyPatch, answer: Any) -> tuple[Gateway, list[Any]]:
    asked: list[Any] = []

    def post(*given: Any) -> tuple[int, bytes]:
        asked.append(given)
        if isinstance(answer, Exception):
            raise answer
        return cast("tuple[int, bytes]", answer)

    monkeypatch.setattr("common.messages.gateway.post", post)
    return Gateway(HttpSection(url="https://x.example/", token_file=str(token))), asked


def test_a_text_is_posted_with_the_token_and_its_life(token: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel, asked = gateway(token, monkeypatch, (200, b'{"id": "7"}'))
    assert channel.send(NUMBER, "x", 299.9) == Sent("handed", "7")
    ((url, body, headers),) = asked
    assert (url, headers) == ("https://x.example/", {"Authorization": "Bearer secret-token"})
    assert msgspec.json.decode(body) == {"to": NUMBER, "text": "x", "life_s": 299}
    assert (channel.reports(), channel.received()) == ([], [])


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        ((299, b'{"id": "7"}'), Sent("handed", "7")),
        ((199, b'{"id": "7"}'), Sent("unknown")),
        ((500, b'{"id": "7"}'), Sent("unknown")),
        ((200, b"{}"), Sent("unknown")),
        ((200, b'{"id": ""}'), Sent("unknown")),
        ((200, b'{"id": "' + b"7" * 129 + b'"}'), Sent("unknown")),
        ((200, b'{"id": "\xff"}'), Sent("unknown")),
        ((400, b""), Sent("failed")),
        ((422, b""), Sent("failed")),
        (OSError(), Sent("unknown")),
        (http.client.BadStatusLine("x"), Sent("unknown")),
    ],
)
def test_only_an_answer_with_an_id_says_that_it_was_taken(
    token: Path, monkeypatch: pytest.MonkeyPatch, answer: Any, sent: Sent
) -> None:
    assert gateway(token, monkeypatch, answer)[0].send(NUMBER, "x", 60) == sent


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        *(((status, b""), f"the gateway answered {status}") for status in (300, 399, 401, 402, 403, 404, 429, 503)),
        (NotReached("nobody there"), "nobody there"),
    ],
)
def test_what_may_be_mended_is_said_again_later(
    token: Path, monkeypatch: pytest.MonkeyPatch, answer: Any, why: str
) -> None:
    with pytest.raises(ChannelUnavailable, match=why):
        gateway(token, monkeypatch, answer)[0].send(NUMBER, "x", 60)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "holds no token"), (b" \n", "holds no token"), (b"a\x07", "holds no token"), (b"\xff", "read")],
)
def test_a_token_that_is_none_is_said(token: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, why: str) -> None:
    channel, asked = gateway(token, monkeypatch, (200, b'{"id": "7"}'))
    token.write_bytes(content)
    with pytest.raises(ChannelUnavailable, match=why):
        channel.send(NUMBER, "x", 60)
    assert asked == []


class Words:
    """A modem that says what it is told to say."""

    def __init__(self) -> None:
        self.says: Any = Handed(7)
        self.fails: DeviceError | None = None
        self.told: list[Any] = []
        self.credits = 0
        self.status_of = SimpleNamespace(
            device=SimpleNamespace(value="Online"), sim=SimpleNamespace(value="ready"), operator="Syriatel",
            is_registered=True, signal_dbm=-71, detail="", pin_tries_left=None,
        )  # fmt: skip

    def send(self, *_given: Any) -> Any:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def _or_fail(self, found: Any) -> Any:
        if self.fails is not None:
            raise self.fails
        return found

    def reports(self) -> Any:
        return self._or_fail(self.told)

    def received(self) -> Any:
        return self._or_fail([SimpleNamespace(number=NUMBER, text="10")])

    def credit(self) -> str:
        self.credits += 1
        return "" if self.credits == 1 else f"{self.credits} left"

    def status(self) -> Any:
        return self.status_of


def channel(words: Words, folder: Path | None = None, monotonic: Callable[[], float] = lambda: 0.0) -> ModemChannel:
    return ModemChannel(cast("Modem", words), folder, monotonic)


@pytest.mark.parametrize(
    ("says", "made"),
    [
        (ValueError(), Sent("failed")), (NotHanded("cms-1"), Sent("failed")), (NotHanded("cms-28"), Sent("failed")),
        (NotHanded("gone"), ChannelUnavailable), (NotHanded("no-answer"), ChannelUnavailable),
        (NotHanded("cms-42"), ChannelBusy), (None, Sent("unknown")),
    ],
)  # fmt: skip
def test_a_modems_word_is_what_it_says_of_the_text(says: Any, made: Any) -> None:
    words = Words()
    words.says = says
    if isinstance(made, Sent):
        assert channel(words).send(NUMBER, "x", 60) == made
        return
    with pytest.raises(ChannelUnavailable) as error:
        channel(words).send(NUMBER, "x", 60)
    assert type(error.value) is made


def test_reports_find_their_texts_of_the_last_two_hundred() -> None:
    words = Words()
    modem = channel(words)
    names = []
    for reference in range(201):
        words.says = Handed(reference)
        names.append(modem.send(NUMBER, "x", 60).reference)
    fates = [(0, Fate.DELIVERED), (1, Fate.DELIVERED), (200, next(one for one in Fate if one is not Fate.DELIVERED))]
    words.told = [SimpleNamespace(reference=reference, number=NUMBER, fate=fate) for reference, fate in fates]
    assert names[1] is not None
    assert names[200] is not None
    assert modem.reports() == [Report(names[1], "delivered"), Report(names[200], "failed")]
    assert modem.reports() == []
    assert modem.received() == [Received(NUMBER, "10")]


@pytest.mark.parametrize("ask", ["reports", "received"])
def test_a_device_that_is_at_fault_is_busy_and_one_that_is_lost_unavailable(ask: str) -> None:
    words = Words()
    for error, made in ((DeviceFault("modem", "7", "x"), ChannelBusy), (DeviceError("modem", "x"), ChannelUnavailable)):
        words.fails = error
        with pytest.raises(ChannelUnavailable) as refused:
            getattr(channel(words), ask)()
        assert type(refused.value) is made


def test_what_a_modem_is_like_is_noted_each_minute_and_its_credit_each_six_hours(tmp_path: Path) -> None:
    now, words = [0.0], Words()
    modem = channel(words, tmp_path, lambda: now[0])
    seen: list[tuple[int | None, str | None]] = []
    for at, signal in ((0.0, -1), (59.9, -2), (60.0, -3), (21_599.0, -4), (21_659.0, -5)):
        now[0], words.status_of.signal_dbm = at, signal
        modem.reports()
        said = last_said(tmp_path)
        assert said is not None
        assert (said.device, said.sim, said.operator, said.is_registered) == ("Online", "ready", "Syriatel", True)
        seen.append((said.signal_dbm, said.credit))
    assert seen == [(-1, None), (-1, None), (-3, None), (-4, None), (-5, "2 left")]
    assert (tmp_path / "modem.json").stat().st_mode & 0o777 == 0o600
    assert isinstance(last_said(tmp_path), ModemSaid)
    channel(words).reports()


def test_a_section_opens_its_modem_with_all_that_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[DeviceSettings] = []
    words = Words()

    def opened(settings: DeviceSettings) -> Any:
        asked.append(settings)
        return words

    monkeypatch.setattr(modems, "open_modem", opened)
    pin = tmp_path / "pin"
    pin.write_text("4711")
    pin.chmod(0o600)
    whole = ModemSection(
        driver="x", port="/dev/t", baudrate=9600, pin_file=str(pin), credit_code="*1#", state_dir=str(tmp_path)
    )
    assert cast("Any", device_of(whole)) is words
    assert open_channel(whole)._file == tmp_path / "modem.json"
    assert open_channel(ModemSection(port="/dev/t"))._file is None
    options = (("pin_file", str(pin)), ("credit_code", "*1#"))
    assert asked[0] == DeviceSettings("x", "/dev/t", 9600, state_dir=tmp_path, options=options)
    assert asked[2] == DeviceSettings("gsm", "/dev/t", 115_200, state_dir=None, options=())


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_no_secret_is_used_that_others_may_read(token: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    token.chmod(mode)
    channel, asked = gateway(token, monkeypatch, (200, b'{"id": "7"}'))
    with pytest.raises(ChannelUnavailable, match=f"others may read {token}: chmod 0600 {token}"):
        channel.send(NUMBER, "x", 60)
    assert asked == []
    with pytest.raises(ChannelUnavailable, match="chmod 0600"):
        device_of(ModemSection(port="/dev/t", pin_file=str(token)))
