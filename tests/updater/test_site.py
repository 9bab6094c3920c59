"""How other programs are called for one that is updated, and what has to be on the disk in which order."""

import os
import pwd
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from updater import durable
from updater.site import Site

ROOTS = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
USERS = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/var/lib/hub"}
ALWAYS: dict[str, Any] = {
    "cwd": "/", "input": "", "capture_output": True, "text": True, "errors": "replace", "check": False,
    "start_new_session": True,
}  # fmt: skip
AS_USER = {"user": 7, "group": 8, "extra_groups": [8, 9]}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What programs were run, in place of running them."""
    found: list[Any] = []

    def run(command: list[str], **how: Any) -> None:
        found.append((command, how))

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_a_program_is_run_with_no_more_than_it_needs_in_a_folder_of_nobody(ran: list[Any]) -> None:
    site = Site.of("hub")
    site.run("apt-get", "update")
    site.run("x", timeout_s=5, stdin="said")
    assert ran == [
        (["apt-get", "update"], ALWAYS | {"env": ROOTS, "timeout": 3600}),
        (["x"], ALWAYS | {"env": ROOTS, "timeout": 5, "input": "said"}),
    ]


@pytest.mark.parametrize(("own", "uid", "ids"), [(0, 7, AS_USER), (0, 0, {}), (1000, 7, {})])
def test_what_is_the_user_s_is_run_as_that_user_alone(
    ran: list[Any], monkeypatch: pytest.MonkeyPatch, own: int, uid: int, ids: dict[str, Any]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: own)
    monkeypatch.setattr(os, "getgrouplist", lambda user, group: [group, 9] if user == "hub" else [])
    monkeypatch.setattr(pwd, "getpwnam", lambda user: SimpleNamespace(pw_uid=uid, pw_gid=8, user=user))
    site = Site.of("hub")
    site.run_as_user("hub", "doctor", environment={"A": "1"})
    site.run_as_user("x", timeout_s=5)
    assert ran == [
        (["hub", "doctor"], ALWAYS | ids | {"env": USERS | {"A": "1"}, "timeout": 600}),
        (["x"], ALWAYS | ids | {"env": USERS, "timeout": 5}),
    ]


def test_words_and_links_are_on_the_disk_before_the_call_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, str]] = []
    descriptors: list[int] = []

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        descriptors.append(descriptor)
        synced.append(
            (path.name, path.read_text() if path.is_file() else ",".join(sorted(one.name for one in path.iterdir())))
        )

    monkeypatch.setattr(os, "fsync", fsync)
    durable.write(tmp_path / "word", "نسخة\n")
    durable.point(tmp_path / "current", Path("1.0"))
    durable.point(tmp_path / "current", Path("1.1"))
    durable.remove(tmp_path / "word")
    durable.remove(tmp_path / "word")
    folder = tmp_path.name
    assert synced == [
        ("word.new", "نسخة\n"), (folder, "word"), (folder, "current,word"), (folder, "current,word"),
        (folder, "current"), (folder, "current"),
    ]  # fmt: skip
    assert ((tmp_path / "current").readlink(), durable.read(tmp_path / "word")) == (Path("1.1"), None)
    for one in descriptors:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(one)
