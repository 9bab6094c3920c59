"""No garbage is looked for while a day passes."""

import gc

from tests.town.memory import collected_at_night


def test_no_garbage_is_looked_for_while_a_day_passes() -> None:
    with collected_at_night():
        assert not gc.isenabled()
        assert gc.get_freeze_count() > 0
        with collected_at_night():  # of one run of many
            assert not gc.isenabled()
        assert not gc.isenabled()
        assert gc.get_freeze_count() > 0  # fewer than before, where some have gone meanwhile
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
