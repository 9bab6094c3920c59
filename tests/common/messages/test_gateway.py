"""The channel `http`: what an operator's gateway says, and what is no answer of it."""

import socket
from pathlib import Path

import pytest

from common.machine.errors import ConfigError
from common.messages.channels import Channels, opener
from common.messages.doctor import check_channels
from common.messages.gateway import Gateway
from common.messages.port import ChannelUnavailable
from common.messages.settings import HttpSection, MessagesSettings, load
from demo import gateway as end

NUMBER, TEXT = "+963944000111", "طلبك جاهز"


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("secret-token\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("lie", "outcome"),
    [
        (None, "handed"),
        ("slow", "handed"),
        ("lost-answer", "unknown"),
        ("error", "unknown"),
        ("error-taken", "unknown"),
        ("portal", "unknown"),
        ("busy", None),
    ],
)
def test_only_the_gateways_own_answer_is_one(token: Path, lie: end.Lie | None, outcome: str | None) -> None:
    with end.Gateway(lies=lambda: lie, slow_s=0.05) as operator:
        channel = Gateway(HttpSection(url=operator.url, token_file=str(token)))
        if outcome is None:
            with pytest.raises(ChannelUnavailable):
                channel.send(NUMBER, TEXT, 300.0)
            return
        sent = channel.send(NUMBER, TEXT, 300.0)
        assert (sent.outcome, sent.reference is not None) == (outcome, outcome == "handed")
    if outcome == "handed":
        assert operator.taken[0].body == {"to": NUMBER, "text": TEXT, "life_s": 300}


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, "failed"), (422, "failed"), (500, "unknown"),
    *((status, None) for status in (301, 302, 307, 404, 405, 410, 413, 429))],
)  # fmt: skip
def test_only_a_refusal_of_the_message_itself_is_for_good(
    token: Path, monkeypatch: pytest.MonkeyPatch, status: int, outcome: str | None
) -> None:
    monkeypatch.setattr("common.messages.gateway.post", lambda *_: (status, b""))
    channel = Gateway(HttpSection(url="http://127.0.0.1:1/", token_file=str(token)))
    if outcome is None:
        with pytest.raises(ChannelUnavailable):
            channel.send(NUMBER, TEXT, 300.0)
    else:
        assert channel.send(NUMBER, TEXT, 300.0).outcome == outcome


def test_a_gateway_that_is_not_there_and_a_token_that_cannot_be_read_cost_no_message(token: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(ChannelUnavailable):
        Gateway(HttpSection(url=url, token_file=str(token))).send(NUMBER, TEXT, 300.0)
    with pytest.raises(ChannelUnavailable):
        Gateway(HttpSection(url=url, token_file="/nowhere")).send(NUMBER, TEXT, 300.0)


def test_a_lost_channel_is_opened_again_after_a_pause(token: Path) -> None:
    now = [0.0]
    settings = MessagesSettings(http=HttpSection(url="http://127.0.0.1:1/", token_file=str(token)))
    channels = Channels(settings, monotonic=lambda: now[0])
    assert channels.ready() == ["http"]
    with pytest.raises(ChannelUnavailable):
        channels.use("http", lambda one: one.send(NUMBER, TEXT, 300.0))
    assert channels.ready() == []
    now[0] = 10.0
    assert channels.ready() == ["http"]
    channels.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[http]\nurl = "http://sms.example/"\ntoken_file = "t"\n', "https"),
        ('[http]\nurl = "https://sms.example/"\n', "token_file"),
        ('[modem]\nport = ""\n', "port"),
        ('[modem]\nport = "/dev/ttyUSB0"\ncredit_code = "call me"\n', "credit_code"),
        ('[sms]\nurl = "x"\n', "sms"),
        ("[http\n", "TOML"),
    ],
)
def test_settings_that_cannot_be_are_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "messages.toml").write_text(text)
    with pytest.raises(ConfigError, match=why):
        load(tmp_path / "messages.toml")


def test_settings_name_files_relative_to_their_own_folder_and_a_channel_has_to_be_installed(tmp_path: Path) -> None:
    path = tmp_path / "messages.toml"
    path.write_text('[http]\nurl = "http://127.0.0.1:9/"\ntoken_file = "t"\nprice = 150\n')
    settings = load(path)
    assert settings.http is not None
    assert settings.http.token_file == str(tmp_path / "t")
    assert (settings.names, settings.price("http")) == (["http"], 150)
    (tmp_path / "t").write_text("x")
    (tmp_path / "t").chmod(0o644)
    found = check_channels(settings)
    assert found is not None
    assert "others may read" in found.found
    with pytest.raises(ConfigError, match="telegram"):
        opener("telegram")


class _Broken:
    """Another package's channel that raises whatever it likes."""

    def load(self) -> None:
        raise SyntaxError("of another package")


def test_another_packages_fault_costs_its_own_channel_alone(token: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [_Broken()])
    http = HttpSection(url="http://127.0.0.1:1/", token_file=str(token))
    settings = MessagesSettings(http=http, channels={"telegram": {}})
    with pytest.raises(ConfigError, match="SyntaxError"):
        opener("telegram")
    assert Channels(settings).ready() == ["http"]

    def broken(_section: object) -> None:
        raise RuntimeError("no token of its own")

    monkeypatch.setattr("common.messages.channels.opener", lambda name: Gateway if name == "http" else broken)
    assert Channels(settings).ready() == ["http"]
