"""What an update's command makes of its words, of who calls it, and of what goes wrong."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest

from common.machine.doctor import updates
from tests.updater.scripted import Scripted
from updater import command
from updater.errors import Refused

FROM_WEB = ("Repository", "https://packages.example", 0)


class Machine:
    """One whose updater writes down what it is told to do."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[tuple[Any, ...]] = []
        self.fails: dict[str, BaseException] = {}
        self.user, self.signals = 0, dict[int, Any]()
        self.site = Scripted(root).site
        (self.site.etc / "packages.url").write_text("https://packages.example\n")
        self.monkeypatch = monkeypatch
        monkeypatch.setattr("updater.command.Site.of", self.named)
        monkeypatch.setattr(command, "Updater", self.make)
        monkeypatch.setattr(command, "Repository", lambda site, url, *, limit_kbit: ("Repository", url, limit_kbit))
        monkeypatch.setattr("updater.command.os.geteuid", lambda: self.user)
        monkeypatch.setattr("updater.command.os.umask", lambda mask: self.note("umask", mask))
        monkeypatch.setattr("updater.command.signal.signal", self.signals.__setitem__)
        monkeypatch.setattr(command, "_night", lambda *given: self.note("night", *given))
        monkeypatch.setattr(command, "_take_debian", lambda *given: self.note("debian", *given))

    def note(self, what: str, *given: Any) -> None:
        self.done.append((what, *given))
        if what in self.fails:
            raise self.fails[what]

    def named(self, name: str) -> Any:
        self.note("of", name)
        return self.site

    def make(self, site: Any, say: Callable[[str], None]) -> "Machine":
        assert site is self.site
        say("it says so")
        return self

    @contextmanager
    def alone(self) -> Iterator[None]:
        self.note("alone")
        yield
        self.note("over")

    def settle(self) -> None:
        self.note("settle")

    def back(self, *, now: str) -> None:
        self.note("back", now)

    def update(self, repository: object, version: str | None, *, older: bool) -> None:
        self.note("update", repository, version, older)

    def called(self, *words: str, name: str = "kiosk") -> int:
        self.done.clear()
        self.monkeypatch.setattr(sys, "argv", [f"{name}-update", *words])
        return command.main(name)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    class Now(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return cls(2026, 11, 25, 9, 0, 0, 5, tzinfo=tz)

    monkeypatch.setattr(command, "datetime", Now)
    return Machine(tmp_path, monkeypatch)


NOW = "2026-11-25T09:00:00+00:00"


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ([], ("update", FROM_WEB, None, False)),
        (["1.2.0"], ("update", FROM_WEB, "1.2.0", False)),
        (["--older", "1.2.0", "--limit-kbit", "64"], ("update", (*FROM_WEB[:2], 64), "1.2.0", True)),
        (["--back"], ("back", NOW)),
        (["--settle"], ("settle",)),
    ],
)
def test_each_word_has_the_updater_do_one_thing_while_it_is_alone(
    machine: Machine, capsys: pytest.CaptureFixture[str], words: list[str], done: tuple[Any, ...]
) -> None:
    assert machine.called(*words) == 0
    assert machine.done == [("umask", 0o022), ("of", "kiosk"), ("alone",), done, ("over",)]
    assert capsys.readouterr() == ("", "it says so\n")


def test_a_night_and_debians_packages_have_a_repository_too(machine: Machine) -> None:
    assert machine.called("--nightly", name="hub") == 0
    assert machine.done[1:] == [
        ("of", "hub"), ("alone",), ("night", machine.site, machine, FROM_WEB, NOW), ("over",),
    ]  # fmt: skip
    assert machine.called("--debian") == 0
    assert machine.done[3] == ("debian", machine.site, FROM_WEB)


def test_where_versions_come_by_stick_a_night_does_nothing_and_a_person_names_the_folder(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.STICK == updates.STICK, "the doctor and the night go by one word"
    (machine.site.etc / "packages.url").write_text(f"{updates.STICK}\n")
    assert machine.called("--nightly") == 0
    assert machine.done[2:] == [("alone",), ("over",)]
    assert capsys.readouterr().out == "packages come by stick here: nothing to do at night\n"
    assert machine.called() == 1
    assert "or name a folder: --from DIR" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("no room"), "no room"),
        (OSError(28, "No space left on device", "/opt/kiosk"), "/opt/kiosk: No space left on device"),
        (OSError("odd"), "the system: odd"),
    ],
)
def test_what_is_refused_is_said_in_one_sentence(
    machine: Machine, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    machine.fails["update"] = error
    assert machine.called() == 1
    assert capsys.readouterr() == ("", f"it says so\n{said}\n")


def test_only_root_updates_and_a_version_is_digits_with_dots(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.user = 1000
    assert machine.called("--back") == 1
    assert (machine.done, capsys.readouterr()) == ([], ("", "kiosk-update is root's: sudo kiosk-update …\n"))
    with pytest.raises(SystemExit) as error:
        machine.called("newest")
    assert error.value.code == 2
    assert capsys.readouterr().err.endswith("kiosk-update: error: 'newest' is no version: such as 1.2.0\n")
    for words in (["--back", "--settle"], ["--debian", "--nightly"], ["--limit-kbit", "x"]):
        with pytest.raises(SystemExit):
            machine.called(*words)
    assert machine.done == []


@pytest.mark.parametrize(
    ("name", "said"), [("kiosk", "what central wants here, if it is time,"), ("central", "as --debian, and restarts")]
)
def test_its_help_says_what_a_night_brings_to_this_program(
    machine: Machine, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    with pytest.raises(SystemExit) as error:
        machine.called("--help", name=name)
    assert error.value.code == 0
    assert said in " ".join(capsys.readouterr().out.split())


def test_a_signal_or_a_lost_connection_is_refused_so_that_it_serves_again(machine: Machine) -> None:
    assert machine.called("--settle") == 0
    assert machine.signals.keys() == {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}
    for stopped in machine.signals.values():
        with pytest.raises(Refused, match=r"stopped before it was done; .* the same command with --settle"):
            stopped(15, None)


def test_packages_come_from_the_folder_that_was_named_else_from_where_settings_say(
    machine: Machine, tmp_path: Path
) -> None:
    stick = tmp_path / "the stick [1]"
    with pytest.raises(Refused, match=r"is no repository of packages: it has no folder dists$"):
        command._url(machine.site, stick)
    (stick / "dists").mkdir(parents=True)
    assert command._url(machine.site, stick) == f"file:{tmp_path}/the%20stick%20%5B1%5D"
    assert command._url(machine.site, None) == "https://packages.example"
    (machine.site.etc / "packages.url").write_text("\n")
    with pytest.raises(Refused, match="doesn't say where packages come from; or name a folder: --from DIR"):
        command._url(machine.site, None)


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Night":
    return Night(tmp_path, monkeypatch)


class Night:
    """A night whose parts write down that they were there."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.done, self.refused = root, list[Any](), False
        self.newer: list[str] = []
        self.needs_restart = False
        monkeypatch.setattr("updater.command.debian.take", self.take)
        monkeypatch.setattr("updater.command.debian.needs_restart", lambda _: self.needs_restart)
        monkeypatch.setattr(
            "updater.command.debian.restart_at_night", lambda *given: self.done.append(("restart", *given))
        )

    def take(self, *given: Any) -> list[str]:
        self.done.append(("take", *given))
        return self.newer

    def nightly(self, repository: object, *, now: str) -> None:
        self.done.append(("nightly", repository, now))
        if self.refused:
            raise Refused("no line")

    def passes(self, name: str, *, is_guest: bool = False) -> Any:
        site = Scripted(self.root, name).site
        if is_guest:
            (self.root / "kiosk").mkdir()
            (self.root / "kiosk/packages.url").touch()
        command._night(site, self, "repository", NOW)  # type: ignore[arg-type]
        return site


@pytest.mark.parametrize(
    ("name", "is_guest", "parts"),
    [
        ("kiosk", False, ["nightly", "take", "restart"]),
        ("hub", False, ["nightly", "take", "restart"]),
        ("hub", True, ["nightly"]),
        ("central", False, ["take", "restart"]),
    ],
)
def test_a_night_brings_what_central_wants_then_debians_then_a_restart(
    night: Night, name: str, is_guest: bool, parts: list[str]
) -> None:
    site = night.passes(name, is_guest=is_guest)
    assert [one[0] for one in night.done] == parts
    for one in night.done:
        if one[0] == "restart":
            assert one[1] is site
            assert one[2].tzinfo is not None
            assert abs((datetime.now(UTC) - one[2]).total_seconds()) < 600
        else:
            assert one[1:] == (("repository", NOW) if one[0] == "nightly" else (site, "repository"))


def test_what_central_wants_and_cannot_be_had_keeps_debians_packages_not_away(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.refused, night.newer, night.needs_restart = True, ["libc6", "openssl"], True
    with pytest.raises(Refused, match="the version that central wants is not in service here: see above"):
        night.passes("kiosk")
    assert [one[0] for one in night.done] == ["nightly", "take", "restart"]
    said = (
        "2 of Debian's packages are newer now: libc6 openssl\n"
        "This machine still runs what was replaced, until it is restarted: systemctl reboot\n"
    )
    assert capsys.readouterr() == (said, "no line\n")


def test_a_night_that_brings_nothing_says_nothing(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    night.passes("kiosk")
    assert capsys.readouterr() == ("", "")
