"""A window of the demo that fits on the machine's screen."""

_BESIDES_PX = (20, 120)  # what a desktop needs around a window: borders, title, panel
_WHOLE_PX = (1080, 1920)  # the kiosk's panel, upright
_SMALLEST = 0.3  # of it; the settings take no panel below 320 pixels


def fitting(display_px: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size of the kiosk's upright panel, never above its own, that fits on this display."""
    shares = [(has - besides) / whole for has, besides, whole in zip(display_px, _BESIDES_PX, _WHOLE_PX, strict=True)]
    share = min(1.0, max(_SMALLEST, min(shares)))
    return round(_WHOLE_PX[0] * share), round(_WHOLE_PX[1] * share)
