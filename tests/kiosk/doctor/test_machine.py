"""The machine as the doctor asks it, where what it would ask is not there."""

import shutil

import pytest

from kiosk.doctor.machine import Machine


def test_a_machine_without_systemctl_says_nothing_of_its_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    assert Machine().systemctl("is-active", "homs-kiosk") == ""


def test_what_systemctl_says_is_given_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/bin/echo")
    assert Machine().systemctl("is-active", "homs-kiosk") == "is-active homs-kiosk"
