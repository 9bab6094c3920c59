import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from central.base.recurring import RecurringTask


class Counting(RecurringTask):
    """Fails at its first time, and stops itself at its third."""

    every_s = 0.001
    failure = "not-counted"

    def __init__(self) -> None:
        super().__init__(create_async_engine("sqlite+aiosqlite://"))
        self.times, self.failures = 0, list[str]()

    async def act(self) -> None:
        self.times += 1
        if self.times == 3:
            self.stop()
        if self.times == 1:
            raise ConnectionError("postgresql://secret")

    def failed(self, kind: str) -> None:
        self.failures.append(kind)


class AtOnce(Counting):
    at_once = True


@pytest.mark.parametrize("kind", [Counting, AtOnce])
async def test_what_fails_is_told_by_its_kind_and_done_again_until_it_is_stopped(kind: type[Counting]) -> None:
    task = kind()
    await task.run()
    assert (task.times, task.failures) == (3, ["ConnectionError"])


async def test_one_that_was_stopped_before_does_nothing() -> None:
    task = AtOnce()
    task.stop()
    await task.run()
    assert task.times == 0
