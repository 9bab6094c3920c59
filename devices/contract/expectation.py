"""How a check says that a driver broke its promise; no test library is needed where the kiosk is installed."""

from collections.abc import Callable

from devices.errors import DeviceUnavailable


class PromiseBroken(AssertionError):
    """The driver did something else than its kind promises; the text says what was expected."""


def expect(is_kept: object, promise: str) -> None:
    """Raise PromiseBroken with the promise unless it is kept."""
    if not is_kept:
        raise PromiseBroken(promise)


def expect_unavailable(call: Callable[[], object], promise: str) -> None:
    """Raise PromiseBroken unless the call raises DeviceUnavailable."""
    try:
        call()
    except DeviceUnavailable:
        return
    raise PromiseBroken(promise)


def name_of(check: Callable[..., object]) -> str:
    """Return what a check is called in a test's report."""
    return check.__name__
