import shutil
import subprocess

import pytest

from screens.window.display_size import panel_px

XVFB = shutil.which("Xvfb")


def test_where_no_display_answers_there_is_no_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":9873")
    assert panel_px() is None
    monkeypatch.delenv("DISPLAY")
    assert panel_px() is None
    assert panel_px("libno-such-thing.so") is None


@pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed")
def test_the_panel_is_as_large_as_x_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert XVFB
    command = [XVFB, "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout
            monkeypatch.setenv("DISPLAY", ":" + server.stdout.readline().strip())
            assert panel_px() == (1280, 800)
        finally:
            server.terminate()
