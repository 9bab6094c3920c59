"""What is done to the cluster, one fault after another, and what must hold after each."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial

import httpx2
import msgspec

from central.keys.key_file import NAME
from common.protocol.envelope import EnrolmentAnswer
from tests.kit.sender import Sender
from tools.cluster.cluster import Cluster
from tools.cluster.kiosks import LoadingKiosk
from tools.cluster.load import Load
from tools.cluster.machines import CENTRAL_PORT, Machine
from tools.cluster.waiting import until

KIOSKS = 4
CANCEL = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
Step = tuple[str, Callable[[], None]]


class Scenario:
    """The steps in their order; each leaves the cluster whole for the next."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._load = Load([])
        self._moment = ""

    def before_load(self) -> Iterator[Step]:
        """Begin the cluster and enrol kiosks."""
        yield "three machines become a cluster with a quorum", self._cluster.start
        yield "central is migrated once, and two more machines need one file", self._begin_central
        yield "a backup is made of it", self._back_up

    def under_load(self) -> Iterator[Step]:
        """Everything that happens while kiosks deliver."""
        yield "kiosks are served", self._load.wait_until_served
        yield "the primary's machine loses its power", self._kill_the_primary
        yield "it comes back and follows", self._return
        yield "the primary's cable is cut, and put back", self._cut_the_cable
        yield "a rotation on one machine works at all of them", self._rotate
        yield "both replicas are gone and a person cancels what waits", self._cancel

    def after_load(self) -> Iterator[Step]:
        """The books, and the way back to a copy of them."""
        yield "the books say what kiosks were told", self._compare
        yield "a restore to a moment gets back from kiosks what came after it", self._restore

    @property
    def load(self) -> Load:
        """The kiosks."""
        return self._load

    def _begin_central(self) -> None:
        first, *others = self._cluster.machines
        until(lambda: first.central("migrate"), "central's tables are made")
        for machine in others:
            (machine.central_data / "keys").mkdir(parents=True)
            shutil.copy(first.central_data / "keys" / NAME, machine.central_data / "keys" / NAME)
        until(partial(_is_well, f"{self._cluster.url}/readyz"), "central answers at the address that moves")
        for machine in self._cluster.machines:
            url = f"http://{machine.address}:{CENTRAL_PORT}/readyz"
            until(partial(_is_well, url), f"central answers at {url}")
        self._load = Load([self._enrolled(first) for _ in range(KIOSKS)])

    def _enrolled(self, machine: Machine) -> LoadingKiosk:
        code = json.loads(machine.central("enrolment-code", "--centre", "homs-main"))["code"]
        sender = Sender("", self._cluster.url)
        body = msgspec.json.encode({"code": code, "public_key": sender.public_key})
        headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
        headers["Content-Type"] = "application/json"
        answer = httpx2.post(f"{self._cluster.url}/v1/enrolments", content=body, headers=headers, timeout=20)
        answer.raise_for_status()
        sender.learn(msgspec.json.decode(answer.content, type=EnrolmentAnswer))
        return LoadingKiosk(sender)

    def _back_up(self) -> None:
        primary = self._cluster.the_primary()
        primary.pgbackrest("stanza-create")
        primary.pgbackrest("--type=full", "backup")

    def _kill_the_primary(self) -> None:
        self._killed = self._cluster.the_primary()
        self._killed.kill()
        self._load.wait_until_served()
        assert self._cluster.the_primary() is not self._killed

    def _return(self) -> None:
        self._killed.start()
        self._cluster.wait_for_members(3)

    def _cut_the_cable(self) -> None:
        primary = self._cluster.the_primary()
        primary.cut_cable()
        self._load.wait_until_served()
        primary.plug_cable()
        self._cluster.wait_for_members(3)

    def _rotate(self) -> None:
        self._moment = self._cluster.the_primary().sql("SELECT clock_timestamp()")
        last = self._cluster.machines[-1]
        last.central("publish", "central-keys", "-", given="{}")
        kids = {path.name for path in (last.central_data / "keys").glob("*.signing")}
        assert len(kids) == 2
        for _ in range(3):
            self._load.wait_until_served()
        # Each machine answers with the new key, fetched from the database: asked on its own, not through the address.
        (new,) = kids - {f"{kid}.signing" for kid in self._first_kids()}
        for machine in self._cluster.machines:
            kid = new.removesuffix(".signing")
            url = f"http://{machine.address}:{CENTRAL_PORT}/v1/time?nonce=n&known={kid}"
            until(partial(_is_signed_with, kid, url), f"{machine.name} signs with the new key")

    def _first_kids(self) -> set[str]:
        rows = self._sql("SELECT kid FROM central_keys WHERE purpose = 'signing' ORDER BY id LIMIT 1")
        return set(rows.splitlines())

    def _cancel(self) -> None:
        primary = self._cluster.the_primary()
        replicas = self._cluster.others(primary)
        for machine in replicas:
            # The address moves to the primary first: kiosks that wait for a dead machine would come too late, for
            # a primary alone steps down within seconds, and then nothing waits that a person could cancel.
            machine.stop("keepalived")
        self._load.wait_until_served()
        for machine in replicas:
            machine.kill()
        cancelled = 0

        def some_were_cancelled() -> bool:
            nonlocal cancelled
            cancelled += int(primary.sql(CANCEL))
            return cancelled >= KIOSKS

        until(some_were_cancelled, "commits wait for a replica, and are cancelled", timeout_s=20)
        only_here = int(primary.sql("SELECT count(*) FROM inbox", "central"))
        primary.kill()
        for machine in replicas:
            machine.start()
        self._load.wait_until_served()
        assert only_here > 0
        primary.start()

    def _compare(self) -> None:
        books = dict(line.split("|") for line in self._sql("SELECT kiosk || '/' || id, hash FROM inbox").splitlines())
        told = {
            f"{kiosk.sender.kiosk}/{item}": hashed for kiosk in self._load.kiosks for item, hashed in kiosk.told.items()
        }
        assert len(told) > 100
        lost = [item for item, hashed in told.items() if books.get(item) != hashed]
        assert not lost, f"{len(lost)} of {len(told)} that kiosks were told are not in the books, such as {lost[:3]}"
        assert len(books) == len(told), "what is in the books twice, or was never told of in the end"
        assert [kiosk.refused for kiosk in self._load.kiosks] == [[]] * KIOSKS
        assert self._sql("SELECT count(*) FROM chains WHERE head_seq <> max_seq") == "0"
        sent = sum(len(kiosk.sent) for kiosk in self._load.kiosks)
        assert sent == len(told)

    def _restore(self) -> None:
        primary = self._cluster.the_primary()
        before = int(self._sql("SELECT count(*) FROM inbox"))
        primary.sql("SELECT pg_switch_wal()")
        now = primary.sql("SELECT clock_timestamp()")
        archived = f"SELECT last_archived_time > '{now}' FROM pg_stat_archiver"
        primary.sql("CHECKPOINT")
        primary.sql("SELECT pg_logical_emit_message(true, 'end', 'of what is archived')")
        primary.sql("SELECT pg_switch_wal()")
        until(lambda: primary.sql(archived) == "t", "the last WAL is in the archive")
        for machine in [*self._cluster.others(primary), primary]:
            machine.stop_patroni()
        primary.script("restore-to", self._moment, str(primary.root))
        for machine in self._cluster.others(primary):
            # One that could not follow any more may have removed its own already.
            shutil.rmtree(machine.root / "var/lib/postgresql/17/central", ignore_errors=True)
        primary.start_patroni()
        self._cluster.the_primary()
        for machine in self._cluster.others(primary):
            machine.start_patroni()
        self._cluster.wait_for_members(3)
        restored = int(self._sql("SELECT count(*) FROM inbox"))
        assert restored < before, "nothing came after that moment: the restore shows nothing"
        primary.central("restored")
        self._load.catch_up()
        self._compare()

    def _sql(self, statement: str) -> str:
        """Ask the primary about central's tables."""
        answer: list[str] = []

        def ask() -> bool:
            answer[:] = [self._cluster.the_primary().sql(statement, "central")]
            return True

        until(ask, "the primary's database answers")
        return answer[0]


def _is_well(url: str) -> bool:
    return httpx2.get(url, timeout=5).status_code == 200


def _is_signed_with(kid: str, url: str) -> bool:
    return kid in httpx2.get(url, timeout=5).headers["signature-input"]
