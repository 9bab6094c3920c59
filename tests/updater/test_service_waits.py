"""How long the updater waits for what it started, and in which order it stops and starts."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from updater import durable, service
from updater.errors import Refused
from updater.site import Site

NOWHERE = (Path("/none"), Path("/none"), Path("/none"), Path("/none"))


class Waiting:
    """A site whose services come up after some looks, on a clock that sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str = "kiosk", up_at: float = 0.0) -> None:
        self.site = Site(*NOWHERE, user=name, name=name, patience_s=2.5)
        self.now, self.up_at, self.migrates_until = 100.0, 100.0 + up_at, 0.0
        self.asked: list[tuple[str, ...]] = []
        self.slept: list[float] = []
        object.__setattr__(self.site, "run", self.run)
        monkeypatch.setattr(service, "time", SimpleNamespace(monotonic=lambda: self.now, sleep=self.sleep))

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def run(self, *words: str, timeout_s: float = 0) -> Any:
        del timeout_s
        self.asked.append(words)
        if "list-units" in words:
            text = "central@8082.service loaded\n\ncentral@8081.service loaded\ncentral@8081.service x\n"
        elif "show" in words:
            text = "start\n" if self.now < self.migrates_until else "dead\n"
        else:
            text = "active\n" if self.now >= self.up_at else "activating\n"
        return SimpleNamespace(stdout=text, returncode=0 if self.now >= self.up_at else 22)


@pytest.mark.parametrize(("up_at", "comes"), [(0.0, True), (2.5, True), (2.75, True), (2.8, False)])
def test_it_is_looked_for_until_patience_is_over(monkeypatch: pytest.MonkeyPatch, up_at: float, comes: bool) -> None:
    here = Waiting(monkeypatch, up_at=up_at)
    assert service.comes_up(here.site) is comes
    assert set(here.slept) <= {0.25}
    assert here.asked[0] == ("systemctl", "is-active", "kiosk.service")
    long = Waiting(monkeypatch, up_at=9.0)
    object.__setattr__(long.site, "patience_s", 60.0)
    assert service.comes_up(long.site) is True
    assert set(long.slept) == {0.5}


@pytest.mark.parametrize(
    ("migrates_s", "up_at", "comes"), [(50, 49, True), (50, 60, False), (9000, 3599, True), (9000, 3700, False)]
)
def test_a_migration_is_waited_for_an_hour(
    monkeypatch: pytest.MonkeyPatch, migrates_s: float, up_at: float, comes: bool
) -> None:
    here = Waiting(monkeypatch, "central", up_at)
    here.migrates_until = 100.0 + migrates_s
    assert service.comes_up(here.site) is comes
    kiosk = Waiting(monkeypatch, "kiosk", up_at)
    kiosk.migrates_until = here.migrates_until
    assert service.comes_up(kiosk.site) is False


def test_of_central_each_process_has_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Waiting(monkeypatch, "central")
    assert service.comes_up(here.site) is True
    assert [words[-1] for words in here.asked[1:]] == [f"http://127.0.0.1:{port}/readyz" for port in (8081, 8082)]
    services = ("central@8081.service", "central@8082.service", "central-migrate.service")
    assert here.site.services == services
    service.stop(here.site)
    service.start(here.site)
    assert here.asked[-4:] == [
        ("systemctl", "stop", *services),
        ("systemctl", "daemon-reload"),
        ("systemctl", "reset-failed", *services),
        ("systemctl", "start", "--no-block", *services),
    ]
    none = Waiting(monkeypatch, "central")
    object.__setattr__(none.site, "run", lambda *_, **__: SimpleNamespace(stdout="\n"))
    with pytest.raises(Refused, match="no process of central is on here"):
        _ = none.site.services


def test_words_and_links_are_replaced_whole(tmp_path: Path) -> None:
    file, link = tmp_path / "word", tmp_path / "current"
    assert durable.read(file) is None
    durable.write(file, "one\n")
    durable.write(file, " two ")
    assert durable.read(file) == "two"
    durable.remove(file)
    durable.remove(file)
    (tmp_path / "current.new").touch()  # of a cut
    for target in ("a", "b"):
        durable.point(link, tmp_path / target)
        assert link.readlink() == tmp_path / target
    assert [one.name for one in tmp_path.iterdir()] == ["current"]
