"""One window for all tests of screens: Kivy can only have one in a process."""

import os

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")

from tests.screens.pictures.gallery import Gallery


@pytest.fixture(scope="session")
def gallery() -> Gallery:
    return Gallery()
