"""What the app asks of central, each by a call of `docs/protocol.md`, with the tokens that central gave it."""

import uuid
from typing import Any, Final

import httpx2

_TIMEOUT_S: Final = 10.0


class CallRefused(Exception):
    """Central does not do it; `reason` is the last word of its problem's type, such as `slot-full`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class CentralCalls:
    """Calls of one central. `tokens` are by what they may: `order-states`, `claims`."""

    def __init__(self, url: str, tokens: dict[str, str]) -> None:
        self._client = httpx2.Client(base_url=url, timeout=_TIMEOUT_S, trust_env=False)
        self._tokens = tokens

    def close(self) -> None:
        """Drop the connections."""
        self._client.close()

    def centres(self) -> list[dict[str, Any]]:
        """Return what works now, as anybody may read it. Raises CallRefused."""
        found: list[dict[str, Any]] = self._json("GET", "/v1/centres")["centres"]
        return found

    def seats(self, centre: str, service: str) -> list[dict[str, Any]]:
        """Return times at which seats are left. Raises CallRefused."""
        found: list[dict[str, Any]] = self._json(
            "GET", "/v1/seats", may="claims", params={"centre": centre, "service": service}
        )["seats"]
        return found

    def claim(self, wanted: dict[str, Any], key: str) -> dict[str, Any]:
        """Make a claim; the same key gets the same one, however often it is sent. Raises CallRefused."""
        return self._json("POST", "/v1/claims", may="claims", json=wanted, headers={"Idempotency-Key": key})

    def cancel(self, claim: str) -> None:
        """Cancel a claim. Raises CallRefused."""
        self._ask("DELETE", f"/v1/claims/{uuid.UUID(claim).hex}", may="claims")

    def tell_state(self, state: dict[str, Any]) -> None:
        """Tell the kiosks where an order stands, as the offices behind the app do. Raises CallRefused."""
        self._json("POST", "/v1/order-states", may="order-states", json={"states": [state]})

    def messages(self, cursor: str) -> dict[str, Any]:
        """Return what phones are to be told since a place: `messages`, `cursor`, `more`. Raises CallRefused."""
        return self._json("GET", "/v1/messages", may="order-states", params={"after": cursor} if cursor else {})

    def claims_changed(self, cursor: str) -> dict[str, Any]:
        """Return this app's claims that changed since a place: `claims`, `cursor`, `more`. Raises CallRefused."""
        return self._json("GET", "/v1/claims", may="claims", params={"after": cursor} if cursor else {})

    def _json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(method, path, **more).json()
        return found

    def _ask(self, method: str, path: str, *, may: str = "", **more: Any) -> httpx2.Response:
        headers = dict(more.pop("headers", {}))
        if may:
            headers["Authorization"] = f"Bearer {self._tokens[may]}"
        try:
            answer = self._client.request(method, path, headers=headers, **more)
        except httpx2.TransportError as error:
            raise CallRefused("no-network", "central does not answer") from error
        if answer.is_success:
            return answer
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        reason = str(problem.get("type", "")).rpartition("/")[2] or f"status-{answer.status_code}"
        raise CallRefused(reason, str(problem.get("detail", ""))[:300])
