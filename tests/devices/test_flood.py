"""When a line babbles, at each bound of bytes, time and codes; and that a scanner's silence is taken note of."""

import pytest

from devices.code_scanner.driver import LineScanner
from devices.flood import FloodWatch
from tests.devices.fake_transport import FakeTransport


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ([(0.0, 16_384)], [False]),
        ([(0.0, 16_385)], [True]),
        ([(0.0, 16_000), (0.9, 384)], [False, False]),
        ([(0.0, 16_000), (0.9, 385)], [False, True]),
        ([(0.0, 16_000), (1.0, 16_384)], [False, False]),  # another second
        ([(0.5, 1), (0.9, 16_384), (1.9, 1)], [False, True, True]),
        ([(0.0, 1), (5.0, 1)], [False, False]),
        ([(0.0, 1), (5.0, 1), (5.1, 1)], [False, False, True]),  # without any silence
    ],
)
def test_too_many_bytes_in_a_second_or_no_silence_for_five_babble(
    heard: list[tuple[float, int]], said: list[bool]
) -> None:
    watch = FloodWatch()
    assert [watch.heard(count, at) for at, count in heard] == said


def test_a_silence_begins_a_sending_afresh_and_a_longer_one_may_be_allowed() -> None:
    watch, patient = FloodWatch(), FloodWatch(longest_sending_s=8.0)
    for one in (watch, patient):
        one.heard(1, 10.0)
    watch.quiet()
    assert (watch.heard(1, 15.1), patient.heard(1, 18.0), patient.heard(1, 18.1)) == (False, False, True)


def test_a_line_is_believed_again_after_five_seconds_without_a_byte() -> None:
    watch = FloodWatch()
    assert watch.is_flooded(0.0) is False
    watch.heard(20_000, 10.0)
    watch.quiet()
    assert (watch.is_flooded(14.9), watch.is_flooded(15.0)) == (True, False)
    assert watch.heard(1, 14.0) is True  # whatever comes keeps it so
    watch.quiet()
    assert (watch.is_flooded(18.9), watch.heard(1, 19.0)) == (True, False)


@pytest.mark.parametrize(
    ("codes", "step_s", "babbles"), [(15, 0.1, False), (16, 0.1, True), (16, 5.0 / 15, True), (40, 0.5, False)]
)
def test_sixteen_different_codes_within_five_seconds_babble(codes: int, step_s: float, babbles: bool) -> None:
    watch, same = FloodWatch(), FloodWatch()
    assert any(watch.code(b"%d" % n, n * step_s) for n in range(codes)) is babbles
    assert not any(same.code(b"held", n * step_s) for n in range(codes))


def test_a_scan_in_which_nothing_comes_is_a_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    silences: list[float] = []
    transport = FakeTransport()
    monkeypatch.setattr(FloodWatch, "quiet", lambda _: silences.append(transport.now))
    scanner = LineScanner(transport, clock=transport.clock, sleep=transport.sleep)
    assert scanner.scan(2.0) is None
    assert (silences, transport.now) == ([2.0], 2.0)
