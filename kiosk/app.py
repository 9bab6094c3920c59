"""The composition root: settings -> window, store, devices, visits. The one module that knows screens and kiosk."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from common.city.brand.brand import brand
from common.city.catalogue import load_catalogue
from common.city.groups import GroupMark
from common.machine.errors import PlainError
from common.machine.systemd import Watchdog
from kiosk import logs
from kiosk.records.all_records import mend_records
from kiosk.runtime.parts import WindowSenses, require_centre
from kiosk.runtime.serving import serve
from kiosk.settings.sections import KioskConfig
from kiosk.settings.settings import Settings

if TYPE_CHECKING:
    from screens.look.theme import Mark
    from screens.window.panel import Panel
    from screens.window.window import KivyUi

_log = structlog.get_logger(__name__)

# Pixels of the common panel, used where the settings name none and the window is not full screen.
LONG_SIDE_PX, SHORT_SIDE_PX = 1920, 1080
# Threads for what may be slow, on any machine: fewer than the store's connections, so that none waits for another.
WORKERS = 6


class NoDisplay(PlainError):
    """No window can be opened here; the text says what was tried."""


def run_in_service(config_path: Path) -> None:
    """Run the kiosk until SIGTERM.

    Raises:
        ConfigError: a setting is wrong, or is another centre's.
        NotEnrolled: there is no identity on this disk.
        NoDisplay: no window can be opened.
    """
    settings = Settings(config_path)
    require_centre(settings.config)  # said on the console rather than to citizens
    logs.configure("run", settings.config.data_dir / "logs")
    mend_records(settings.config.data_dir)
    runtime = os.environ.get("RUNTIME_DIRECTORY")
    run_window(settings, lambda ui: serve_on(ui, settings, runtime_dir=Path(runtime) if runtime else None))


async def serve_on(
    ui: "KivyUi", settings: Settings, *, runtime_dir: Path | None = None, stick: Path | None = None
) -> None:
    """Serve on this window, with what it tells of itself. Arguments and errors as `kiosk.runtime.serving.serve`."""
    panel = WindowSenses(
        stalls=lambda: ui.stalls,
        idle_s=lambda: ui.idle_s,
        show_marks=lambda marks: show_marks(ui.panel, marks),
        play_sound=ui.play_sample if ui.has_sound else None,
    )
    await serve(ui, settings, runtime_dir=runtime_dir, stick=stick, panel=panel)


def show_marks(panel: "Panel", marks: Mapping[str, GroupMark]) -> None:
    """Have what is drawn from now on show these colours and signs of groups; the same as before change nothing."""
    drawn = _drawn(marks)
    if drawn != panel.theme.marks:
        panel.theme = replace(panel.theme, marks=drawn)


def run_window[T](
    settings: Settings,
    main: Callable[["KivyUi"], Coroutine[Any, Any, T]],
    *,
    fullscreen: bool | None = None,
    closable: bool = False,
) -> T | None:
    """Open the window and run `main` with it in one loop, until it ends, SIGTERM comes, or the window is closed.

    Args:
        settings: what is in force.
        main: what to run with the window.
        fullscreen: None takes the setting.
        closable: whether the window's own close button ends it (demonstration only).

    Raises:
        NoDisplay: no window can be opened, or Arabic letters would come out unjoined.
    """
    from screens.look.text import ShapingError
    from screens.window import kivy_setup

    config = settings.config
    whole = config.screen.fullscreen if fullscreen is None else fullscreen
    kivy_setup.prepare(_theme(config), config.data_dir / "kivy", whole)
    from screens.citizen.registry import CITIZEN
    from screens.maintenance.registry import MAINTENANCE
    from screens.sound.speech import Speech
    from screens.window.window import KivyUi

    watchdog = Watchdog()
    try:
        ui = KivyUi(
            _theme(config),
            config.kiosk.languages,
            {**CITIZEN, **MAINTENANCE},
            Speech(Path(config.speech.clips) if config.speech.clips else None, lambda: settings.config.speech.volume),
            _beats(watchdog),
            closable,
            _turned(settings, whole),
        )
    except (kivy_setup.DisplayError, ShapingError) as error:
        raise NoDisplay(str(error)) from error
    ui.panel.on_first_frame = lambda: (watchdog.ready(), None)[1]
    try:
        return ui.run(_until_told_to_stop(main(ui)))
    finally:
        watchdog.stopping()


def display_px() -> tuple[int, int] | None:
    """Return width and height of the X display on which a window would come up, or None where there is none."""
    from screens.window.display_size import panel_px

    return panel_px()


def _drawn(marks: Mapping[str, GroupMark]) -> tuple["Mark", ...]:
    from screens.look.theme import Mark, rgb

    return tuple(Mark(letter, rgb(one.colour), one.sign) for letter, one in marks.items())


def _theme(config: KioskConfig) -> Any:
    from screens.look.theme import Theme, palette_of

    screen, own = config.screen, brand()
    is_portrait = screen.orientation == "portrait"
    width = screen.width_px or (SHORT_SIDE_PX if is_portrait else LONG_SIDE_PX)
    height = screen.height_px or (LONG_SIDE_PX if is_portrait else SHORT_SIDE_PX)
    return Theme(
        width,
        height,
        screen.diagonal_in,
        screen.viewing_distance_mm,
        screen.paper_slot,
        motion=screen.motion,
        marks=_drawn(load_catalogue().marks),
        calm=palette_of(own.colours.look),
        emblem=own.picture("emblem"),
        ornament=own.picture("ornament"),
        authority=tuple((own.authority or {}).items()),
    )


def _turned(settings: Settings, whole: bool) -> Callable[[int, int], bool]:
    """Return whether the picture must be turned: a panel has its own shape, a window is made as it is set."""
    made_as = settings.config.screen.orientation

    def is_turned(width_px: int, height_px: int) -> bool:
        lies_as = made_as if not whole else "landscape" if width_px > height_px else "portrait"
        return settings.config.screen.orientation != lies_as

    return is_turned


def _beats(watchdog: Watchdog) -> Callable[[], None]:
    """Tell systemd that the screen lives, no oftener than it wants to hear it."""
    import time

    last = 0.0

    def beat() -> None:
        nonlocal last
        now = time.monotonic()
        if watchdog.interval_s is not None and now - last >= watchdog.interval_s:
            last = now
            watchdog.beat()

    return beat


async def _until_told_to_stop[T](main: Coroutine[Any, Any, T]) -> T | None:
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(main)
    loop.set_default_executor(ThreadPoolExecutor(WORKERS, "worker"))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        _log.info("stopped")
        return None
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
