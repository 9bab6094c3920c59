"""No garbage is looked for while a day passes."""

import gc

from tests.town.memory import collected_at_night


def test_no_garbage_is_looked_for_while_a_day_passes() -> None:
    with collected_at_night():
        assert not gc.isenabled()
        assert (frozen := gc.get_freeze_count()) > 0
        with collected_at_night():  # of one run of many
            assert not gc.isenabled()
        assert not gc.isenabled()
        assert 0 < gc.get_freeze_count() <= frozen  # what has gone meanwhile is counted no more
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
