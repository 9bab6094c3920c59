"""The connections of one uplink to central: one for each call that is under way, kept for the next."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import httpx2

from offline_store.delivery.connection.delivery_error import DeliveryDeferred
from offline_store.delivery.connection.tls import CertificateDates, Tls

# What the system takes off our hands looks sent; at a kilobyte a second a large buffer is minutes of silence.
SEND_BUFFER_BYTES: Final = 16 * 1024


class Connections:
    """Connections by the pinned TLS. Threads may ask side by side: each call has one of its own."""

    def __init__(self, tls: Tls, trusted_now: Callable[[], datetime | None], patience: httpx2.Timeout) -> None:
        """Make none yet; `trusted_now` and `patience` as for the uplink."""
        self._tls = tls
        self._trusted_now = trusted_now
        self._patience = patience
        self._idle: list[httpx2.Client] = []
        self._has_ended = False

    def close(self) -> None:
        """Drop those that no call uses; the next call opens another."""
        while (client := self._unused()) is not None:
            client.close()

    def end(self) -> None:
        """Drop those that no call uses, and those of calls that are under way once these are over."""
        self._has_ended = True
        self.close()

    @contextlib.contextmanager
    def one(self, dates: CertificateDates) -> Iterator[httpx2.Client]:
        """Give one call a connection. One that met trouble is not used again, nor one made without looking at dates.

        Raises:
            DeliveryDeferred: `tls`, the file of the pinned CA is none.
        """
        is_kept = dates is not CertificateDates.IGNORED
        client = (self._unused() if is_kept else None) or self._connection(dates)
        try:
            yield client
        except BaseException:
            client.close()
            raise
        if is_kept:
            self._idle.append(client)
            if self._has_ended:
                self.close()
        else:
            client.close()

    def _unused(self) -> httpx2.Client | None:
        """Return a connection that no call uses. Calls may come from several threads: to look first would not do."""
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connection(self, dates: CertificateDates) -> httpx2.Client:
        try:
            verify = self._tls.context(dates, self._trusted_now())
        except ValueError as error:  # the file was changed, or never was a CA: mended by hand, tried again meanwhile
            raise DeliveryDeferred("tls", str(error)) from error
        # trust_env off: no proxy and no CA comes in by the environment. identity: the digest is over these bytes.
        transport = httpx2.HTTPTransport(
            verify=verify,
            trust_env=False,
            socket_options=[(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)],
        )
        return httpx2.Client(
            transport=transport,
            trust_env=False,
            timeout=self._patience,
            headers={"Accept-Encoding": "identity", "Accept": "application/json", "User-Agent": "kiosk"},
        )
