"""The watch for stalls says where the screen stood, and is itself nothing that grows."""

import linecache
import sys

from tools.soak.stalls import FRAMES, innermost


def test_a_place_is_told_by_its_innermost_frames_and_no_source_is_read_for_it() -> None:
    before = linecache.cache.copy()
    linecache.cache.clear()

    def stand(deep: int) -> tuple[str, ...]:
        return stand(deep - 1) if deep else innermost(sys._getframe())

    line = stand.__code__.co_firstlineno + 1
    try:
        assert stand(FRAMES) == (f"test_stalls.py:{line} stand",) * FRAMES
        assert linecache.cache == {}
    finally:
        linecache.cache.update(before)
