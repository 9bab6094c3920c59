"""Power cuts by record and replay: what an unmodified process asked of the disk, and what it may hold after a cut.

`record` runs a command under strace. `Recording.after_cut` rebuilds a folder as it may be found when the power fails
after the n-th call: what a completed sync made durable, and of everything later a random part, writes torn at sector
borders. SIGKILL can't show this: the page cache survives it, and even synchronous=OFF passes.

The model: a file's bytes are durable after fsync or fdatasync of that file; names (create, rename, unlink) are durable
after a sync of any file or folder, in the order they were made; until then a cut may keep any first part of them.
"""

import random
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_CALLS = "openat,creat,write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,link,linkat"
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += +(-?\d+)")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, slots=True)
class Call:
    """One call that changes a disk or keeps a promise. `path` is relative to the watched folder."""

    name: str
    path: str = ""
    data: bytes = b""
    at: int = -1  # offset or length; -1: at the end
    target: str = ""


@dataclass(eq=False, slots=True)
class _File:
    durable: bytes = b""
    pending: list[Call] = field(default_factory=list)


Names = dict[str, _File]


@dataclass(slots=True)
class Recording:
    """The calls of one run in their order, and the folder as it was before."""

    calls: list[Call]
    before: dict[str, bytes]

    def syncs(self) -> int:
        """Count completed syncs of files and folders."""
        return sum(call.name == "sync" for call in self.calls)

    def promises(self, cut: int) -> list[str]:
        """Return the whole lines that the process had written to stdout before the cut."""
        said = b"".join(call.data for call in self.calls[:cut] if call.name == "promise").decode()
        return said.splitlines()[: said.count("\n")]

    def after_cut(self, cut: int, folder: Path, chance: random.Random) -> None:
        """Write into an empty folder what the disk may hold after the first `cut` calls."""
        names = chance.choice(self._possible_names(cut))
        for path, file in names.items():
            if not path.endswith("-shm"):  # written through memory; SQLite makes it again
                place = folder / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(_found(file, chance))

    def _possible_names(self, cut: int) -> list[Names]:
        """Return every state that the folder's names may be in: the durable one, and those after each later change."""
        live = {path: _File(data) for path, data in self.before.items()}
        states = [dict(live)]
        for call in self.calls[:cut]:
            file = live.get(call.path)
            if call.name == "sync":
                if file is not None:
                    file.durable = _applied(file.durable, file.pending)
                    file.pending = []
                states = [dict(live)]
            elif call.name in {"create", "unlink", "rename", "link"}:
                _change_name(live, call)
                states.append(dict(live))
            elif file is not None:
                file.pending.append(call)
        return states


def _change_name(live: Names, call: Call) -> None:
    if call.name == "create":
        live[call.path] = _File()
    elif call.name == "unlink":
        live.pop(call.path, None)
    elif call.path in live:
        live[call.target] = live[call.path]
        if call.name == "rename":
            del live[call.path]


def _found(file: _File, chance: random.Random) -> bytes:
    """Return what a cut may leave of a file: each later write is there, not there, or torn at a sector's border."""
    kept = []
    for call in file.pending:
        fate = chance.random()
        if fate < 0.5:
            kept.append(call)
        elif fate < 0.7 and len(call.data) > SECTOR:
            sectors = chance.randrange(1, len(call.data) // SECTOR + 1)
            kept.append(Call(call.name, call.path, call.data[: sectors * SECTOR], call.at))
    return _applied(file.durable, kept)


def _applied(data: bytes, calls: Sequence[Call]) -> bytes:
    content = bytearray(data)
    for call in calls:
        if call.name == "truncate":
            content[call.at :] = bytes(max(0, call.at - len(content)))
        else:
            at = len(content) if call.at < 0 else call.at
            content.extend(bytes(max(0, at - len(content))))
            content[at : at + len(call.data)] = call.data
    return bytes(content)


def record(command: Sequence[str], watched: Path, trace: Path, timeout_s: float = 50) -> Recording:
    """Run a command under strace and record what it does to the watched folder. Raises where it or strace fails."""
    before = {
        str(path.relative_to(watched)): path.read_bytes() for path in sorted(watched.rglob("*")) if path.is_file()
    }
    strace = ["strace", "-f", "-qq", "-xx", "-y", "-s", "2000000", "-e", "signal=none", "-e", f"trace={_CALLS}"]
    subprocess.run([*strace, "-o", str(trace), *command], check=True, stdout=subprocess.PIPE, timeout=timeout_s)
    known = set(before)
    calls = []
    for name, arguments, result in _whole_lines(trace):
        call = _call(name, arguments, result, str(watched), known)
        if call is not None:
            calls.extend(call)
    return Recording(calls, before)


def _whole_lines(trace: Path) -> list[tuple[str, str, int]]:
    """Return (call, arguments, result); calls cut in two by other threads stand whole where they ended."""
    begun: dict[str, str] = {}
    whole = []
    for line in trace.read_text(encoding="ascii").splitlines():
        text = line
        if unfinished := _UNFINISHED.match(line):
            begun[unfinished[1]] = unfinished[2]
            continue
        if resumed := _RESUMED.match(line):
            text = f"{resumed[1]} {begun.pop(resumed[1])}{resumed[2]}"
        if parts := _LINE.match(text):
            whole.append((parts[2], parts[3], int(parts[4])))
    return whole


def _call(name: str, arguments: str, result: int, watched: str, known: set[str]) -> list[Call] | None:
    if result < 0:
        return None
    fd = _FD.match(arguments)
    strings = [_unescaped(found) for found in _STRING.findall(arguments)]
    if name == "write" and fd and fd[1] == "1":
        return [Call("promise", data=strings[0])]
    on_path = _unescaped(fd[2]).decode() if fd else ""
    paths = (
        [on_path] if name in {"write", "pwrite64", "ftruncate", "fsync", "fdatasync"} else [_text(s) for s in strings]
    )
    if not paths or not all(path == watched or path.startswith(f"{watched}/") for path in paths):
        return None
    within = [path.removeprefix(watched).removeprefix("/") for path in paths]
    last = arguments.rsplit(", ", 1)[-1]
    match name:
        case "fsync" | "fdatasync":
            return [Call("sync", within[0])]
        case "write":
            return [Call("write", within[0], strings[0])]
        case "pwrite64":
            return [Call("write", within[0], strings[0], int(last))]
        case "ftruncate":
            return [Call("truncate", within[0], at=int(last))]
        case "unlink" | "unlinkat":
            known.discard(within[0])
            return [Call("unlink", within[0])]
        case "openat" | "creat":
            return _opened(within[0], arguments, known)
        case _:
            if not name.startswith("link"):
                known.discard(within[0])
            known.add(within[1])
            return [Call("link" if name.startswith("link") else "rename", within[0], target=within[1])]


def _opened(path: str, arguments: str, known: set[str]) -> list[Call]:
    calls = []
    if "O_CREAT" in arguments and path not in known:
        known.add(path)
        calls.append(Call("create", path))
    if "O_TRUNC" in arguments:
        calls.append(Call("truncate", path, at=0))
    return calls


def _unescaped(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def can_trace() -> bool:
    """Return whether strace is here and may trace."""
    try:
        return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False).returncode == 0
    except OSError:
        return False
