"""A window that fits on the machine's screen, in the panel's own shape."""

import pytest

from demo.display import fitting


@pytest.mark.parametrize(
    ("display", "window"),
    [
        ((1100, 2040), (1080, 1920)), ((4000, 4000), (1080, 1920)), ((1099, 2040), (1079, 1918)),
        ((1920, 1080), (540, 960)), ((560, 4000), (540, 960)), ((100, 100), (324, 576)), ((344, 696), (324, 576)),
    ],
)  # fmt: skip
def test_the_window_is_as_large_as_fits_and_never_above_the_panel(
    display: tuple[int, int], window: tuple[int, int]
) -> None:
    assert fitting(display) == window
