"""One judgement of colours for all ends: what can't be read is named, and a dark page is read in any town's hue."""

import pytest

from common.city.brand.brand import load_brand
from common.city.brand.look import EDGE, TEXT, USUAL, contrast, dark, look_of, rgb, unreadable, variables
from tests.screens.pictures.brands import OTHER


def _ratio(look: dict[str, str], one: str, other: str) -> float:
    return contrast(rgb(look[one]), rgb(look[other]))


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#FFFFFF")) == pytest.approx(4.48, abs=0.01)  # WebAIM's own example
    assert contrast(rgb("#0A4F45"), rgb("#0A4F45")) == 1


def test_the_usual_look_and_the_sample_can_be_read_and_keep_what_is_no_towns_own() -> None:
    other = load_brand(OTHER).colours.look
    assert unreadable(look_of({})) == unreadable(other) == []
    assert look_of({}) == USUAL
    assert other["band"] == other["good"] == other["primary"] != USUAL["primary"]
    assert (other["bad"], other["ink"]) == (USUAL["bad"], USUAL["ink"])  # red is a fault in every town


def test_each_pair_that_is_too_near_is_named_with_what_it_has_and_needs() -> None:
    faults = unreadable(look_of({"ground": "#808080"}))
    assert "primary #0A4F45 on ground #808080 has a contrast of 2.4:1; right would be 7:1 or more" in faults
    assert "edge #7D8A84 on ground #808080 has a contrast of 1.1:1; right would be 3:1 or more" in faults
    assert all(" on ground " in fault for fault in faults)


@pytest.mark.parametrize("primary", ["#0A4F45", "#1B3A73", "#000000", "#6E0000", "#00009C", "#595959"])
def test_a_dark_page_is_read_in_any_hue(primary: str) -> None:
    look = look_of({"primary": primary})
    assert _ratio(look, "on_primary", "primary") >= TEXT, "no brand has another"
    look |= dark(look)
    for ink in ("ink", "soft_ink"):
        for ground in ("ground", "surface"):
            assert _ratio(look, ink, ground) >= TEXT, (ink, ground)
    assert _ratio(look, "edge", "surface") >= EDGE
    assert TEXT <= _ratio(look, "on_primary", "primary") < TEXT + 0.2, "as light as white letters allow"
    assert _ratio(look, "primary", "ground") > 2


def test_a_look_is_written_as_custom_properties() -> None:
    assert variables({"soft_ink": "#384642", "ground": "#F6F2E9"}) == "--soft-ink: #384642; --ground: #F6F2E9;"
