"""What the window's start leaves out, in a process of its own: what this one has loaded already tells nothing."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from screens.look.theme import Theme
from screens.window.kivy_setup import prepare
prepare(Theme(), Path(sys.argv[1]), False)
import kivy
from kivy.lang import Builder
from kivy.resources import resource_find
assert Builder.rules == [], Builder.rules
assert resource_find("data/glsl/default.vs"), "Kivy's own files are found as ever"
assert "kivy.uix.label" not in sys.modules
"""


def test_the_rules_of_kivys_own_widgets_are_not_read(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
