"""The example of nginx before central, run on a free port of loopback with its files in a folder."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.offline_store.certificates import Authority

NGINX: Final = Path(__file__).parents[2] / "deploy" / "nginx"
#: Debian has it where an ordinary user's path does not look.
PROGRAM: Final = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "nginx"
SITE: Final = (NGINX / "central.conf").read_text(encoding="utf-8")


@contextmanager
def served_site(folder: Path, centrals: Sequence[int] = (), workers: int = 1, connections: int = 64) -> Iterator[int]:
    """Give the port of the site; before the centrals on these ports of loopback, else before none."""
    port = _free_port()
    Authority(folder).server(datetime.now(UTC) - timedelta(days=1))
    (both,) = folder.glob("ca-localhost-*.pem")
    for name in ("fullchain.pem", "key.pem"):
        shutil.copy(both, folder / name)
    behind = centrals or [_free_port()]
    site = re.sub(r"listen \[::\].*", "", SITE).replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    site = re.sub(r"(    server 127\.0\.0\.1:\d+ .*\n)+", "".join(f"server 127.0.0.1:{one};\n" for one in behind), site)
    for there in ("/etc/central/tls", "/var/log/nginx", "/var/lib/nginx"):
        site = site.replace(there, str(folder))
    site = site.replace("/etc/nginx/snippets", str(NGINX))
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    as_root = "user root;" if os.geteuid() == 0 else ""  # the folder is nobody else's
    (folder / "nginx.conf").write_text(
        f"{as_root} pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; worker_processes {workers};\n"
        f"events {{ worker_connections {connections}; }}\nhttp {{\n{kept}\n{site}\n}}\n"
    )
    command = [PROGRAM, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < until


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
