"""With which term a hub opens, and what it does where the disk takes nothing or its record is torn."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.machine.errors import StoreUnavailable
from common.machine.records import record
from hub.engine import opening
from hub.engine.opening import TERM_FILE, keep_term, known_term, open_hub
from tests.hub.hall import Hall


def test_the_greatest_term_is_known_whatever_becomes_of_the_database(tmp_path: Path) -> None:
    assert known_term(tmp_path) == 0
    for term, known in ((3, 3), (2, 3), (3, 3), (4, 4)):
        keep_term(tmp_path, term)
        assert known_term(tmp_path) == known
    for said in ({"term": "5"}, {}):
        record.keep(tmp_path / TERM_FILE, said)
        assert known_term(tmp_path) == 0
    for torn in (tmp_path / TERM_FILE, record.copy_of(tmp_path / TERM_FILE)):
        torn.write_text("{")
    assert known_term(tmp_path) == 0


@pytest.mark.parametrize("detail", ["x" * 300, "x" * 301])
def test_a_hub_whose_disk_takes_nothing_shows_what_stands_and_has_not_begun(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, detail: str
) -> None:
    def refuse(_hub: Any) -> None:
        raise StoreUnavailable(detail)

    monkeypatch.setattr(opening, "begin_serving", refuse)
    with capture_logs() as logged:
        hub = open_hub(hall.hub.store, hall.clock, term=1, serves=True)
    assert (hub.serves, hub.has_begun) == (True, False)
    assert logged == [{"event": "hub-serves-what-reads", "log_level": "warning", "detail": "x" * 300}]
    monkeypatch.undo()
    assert open_hub(hall.hub.store, hall.clock, term=1, serves=True).has_begun
    assert not open_hub(hall.hub.store, hall.clock, term=1).has_begun
