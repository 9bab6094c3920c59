"""A PostgreSQL that waits for a replica that is not there, and the impatient person who cancels its waiting commits."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True)
class AbsentReplica:
    """The database at `url`, from `demand` to `forgo` with commits that wait for good."""

    url: str

    async def demand(self) -> None:
        await self._run("ALTER SYSTEM SET synchronous_standby_names = 'absent'", "SELECT pg_reload_conf()")
        # The server reads it when it comes to it: until a commit waits, the next one is tried.
        while not await self._waits():
            pass

    async def forgo(self) -> None:
        await self._run("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")

    async def cancel_waiting(self) -> int:
        """Cancel whatever waits for the replica in this database, once something does; returns how many waited."""
        cancel = (
            "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity "
            "WHERE wait_event = 'SyncRep' AND datname = current_database()"
        )
        connection = await asyncpg.connect(self.url)
        try:
            while not (cancelled := await connection.fetchval(cancel)):  # noqa: ASYNC110 - another process changes it
                await asyncio.sleep(0.01)
        finally:
            await connection.close()
        return int(cancelled)

    async def during[T](self, work: Awaitable[T]) -> T | BaseException:
        """What comes of `work` when its commits are cancelled, each as it waits: its result, or what it raised."""

        async def impatient() -> None:
            while True:
                await self.cancel_waiting()

        canceller = asyncio.create_task(impatient())
        try:
            (outcome,) = await asyncio.gather(work, return_exceptions=True)
        finally:
            canceller.cancel()
            await asyncio.gather(canceller, return_exceptions=True)
        return outcome

    async def _waits(self) -> bool:
        """Whether commits wait now. Who is cancelled first may be central, and the probe itself waits only then."""
        write = asyncio.create_task(self._run("SELECT pg_logical_emit_message(true, 'probe', '')"))
        has_waited = False
        while not write.done():
            cancel = asyncio.create_task(self.cancel_waiting())
            await asyncio.wait((write, cancel), return_when=asyncio.FIRST_COMPLETED)
            has_waited |= cancel.done()
            cancel.cancel()
            await asyncio.gather(cancel, return_exceptions=True)
        await write
        return has_waited

    async def _run(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()
