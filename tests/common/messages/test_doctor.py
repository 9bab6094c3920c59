"""What a doctor says of channels that are set up, without opening one."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from common.machine.doctor.finding import problem
from common.machine.errors import ConfigError
from common.messages import channels
from common.messages.channels import opener
from common.messages.doctor import check_channels
from common.messages.settings import NO_CHANNELS, HttpSection, MessagesSettings, ModemSection


@pytest.fixture
def both(tmp_path: Path) -> MessagesSettings:
    for name in ("token", "pin"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o600)
    return MessagesSettings(
        modem=ModemSection(port="/dev/ttyUSB0", pin_file=str(tmp_path / "pin")),
        http=HttpSection(url="https://x.example/", token_file=str(tmp_path / "token")),
    )


def test_nothing_is_wrong_where_secrets_are_their_owners_alone(both: MessagesSettings) -> None:
    assert check_channels(both) is None
    assert check_channels(NO_CHANNELS) is None
    assert check_channels(MessagesSettings(modem=ModemSection(port="/dev/ttyUSB0"))) is None


@pytest.mark.parametrize("name", ["token", "pin"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o601])
def test_a_secret_that_others_may_read_is_named(both: MessagesSettings, tmp_path: Path, name: str, mode: int) -> None:
    path = tmp_path / name
    path.chmod(mode)
    assert check_channels(both) == problem("messages", f"others may read {path}", f"chmod 0600 {path}")


@pytest.mark.parametrize("name", ["token", "pin"])
def test_a_secret_that_is_missing_is_named(both: MessagesSettings, tmp_path: Path, name: str) -> None:
    (tmp_path / name).unlink()
    said = f"{tmp_path / name} cannot be read: No such file or directory"
    assert check_channels(both) == problem("messages", said, "put the secret there, mode 0600")


def test_a_channel_that_is_not_installed_is_named() -> None:
    why = "[telegram]: no channel of this name is installed; known is http, modem"
    assert check_channels(MessagesSettings(channels={"telegram": {}})) == problem(
        "messages", why, "unpack the channel's package, or take its section out"
    )


def test_packages_are_looked_for_in_folders_that_are_there_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, other = tmp_path / "channels", tmp_path / "none"
    there.mkdir()
    path = ["/usr/lib"]
    monkeypatch.setattr(channels, "FOLDERS", (there, other))
    monkeypatch.setattr(channels, "sys", SimpleNamespace(path=path))
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [])
    for _ in range(2):
        with pytest.raises(ConfigError):
            opener("telegram")
    assert path == ["/usr/lib", str(there)]
