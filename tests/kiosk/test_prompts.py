import dataclasses
import math
import subprocess
import sys
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, TypeAliasType, Union, get_args, get_origin, get_type_hints

import pytest

from kiosk.prompts.order import ConfirmIdentity
from kiosk.prompts.ui import Prompt
from tests.kit.declared_prompts import DECLARED, MODULES

SCREENS = sorted(DECLARED, key=lambda one: one.__name__)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_a_frozen_value(screen: type) -> None:
    assert dataclasses.is_dataclass(screen)
    assert screen.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_every_screen_has_a_name_of_its_own() -> None:
    names = [screen.name for screen in SCREENS]  # type: ignore[attr-defined]
    assert sorted(names) == sorted(set(names))


def _states(kind: Any) -> int:
    """How many values of a type a screen may choose its sentences by: of texts and numbers none chooses."""
    if isinstance(kind, TypeAliasType):
        return _states(kind.__value__)
    if get_origin(kind) is Literal:
        return len(get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return sum(_states(one) for one in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return len(kind)
    return 2 if kind is bool else 1


def _built(screen: Any) -> int:
    kinds = get_type_hints(screen)
    return math.prod(_states(kinds[one.name]) for one in dataclasses.fields(screen))


def test_all_prompts_together_can_be_built_in_fewer_than_a_thousand_states() -> None:
    assert _states(bool | None) == 3
    assert _states(NoneType) == 1
    counted = {screen.__name__: _built(screen) for screen in SCREENS if issubclass(screen, Prompt)}
    assert sum(counted.values()) < 1000, sorted(counted.items(), key=lambda one: -one[1])[:8]


def test_personal_fields_are_never_shown_by_repr() -> None:
    shown = repr(ConfirmIdentity("سلمى", "2345", {"ar": "س"}))
    assert "سلمى" not in shown
    assert "2345" not in shown


def test_prompts_load_neither_kivy_nor_devices_nor_the_store() -> None:
    found = "[m for m in sys.modules if m.split('.')[0] in ('kivy', 'devices', 'offline_store')]"
    script = f"import {', '.join(MODULES)}, sys; print({found})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == "[]"
