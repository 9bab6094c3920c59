"""Listing a large table a page at a time."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from central.base.config import CentralConfig, load_config
from central.base.tables.people import operations
from central.commands import running


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 5])
def test_pages_bring_every_row_once_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], rows: int
) -> None:
    monkeypatch.setattr(running, "PAGE_ROWS", 2)
    config = load_config(tmp_path, None)
    acts = [{"at": "", "operator": "Rana", "act": f"act-{number}", "detail": "{}"} for number in range(rows)]
    for act in acts:
        _write(config, act)
    running.list_pages(
        config, select(operations.c.id, operations.c.act), operations.c.id, lambda row: {"act": row["act"]}
    )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [{"act": act["act"]} for act in acts]


def _write(config: CentralConfig, act: dict[str, str]) -> None:
    one = insert(operations).values(act)
    running.run_in_transaction(config, lambda connection, _: connection.execute(one))
