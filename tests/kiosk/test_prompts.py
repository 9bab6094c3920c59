import dataclasses
import subprocess
import sys

import pytest

from kiosk.prompts.order import ConfirmIdentity
from tests.kit.declared_prompts import DECLARED, MODULES

SCREENS = sorted(DECLARED, key=lambda one: one.__name__)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_a_frozen_value(screen: type) -> None:
    assert dataclasses.is_dataclass(screen)
    assert screen.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_every_screen_has_a_name_of_its_own() -> None:
    names = [screen.name for screen in SCREENS]  # type: ignore[attr-defined]
    assert sorted(names) == sorted(set(names))


def test_personal_fields_are_never_shown_by_repr() -> None:
    shown = repr(ConfirmIdentity("سلمى", "2345", {"ar": "س"}))
    assert "سلمى" not in shown
    assert "2345" not in shown


def test_prompts_load_neither_kivy_nor_devices_nor_the_store() -> None:
    found = "[m for m in sys.modules if m.split('.')[0] in ('kivy', 'devices', 'offline_store')]"
    script = f"import {', '.join(MODULES)}, sys; print({found})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == "[]"
