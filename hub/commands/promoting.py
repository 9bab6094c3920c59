"""`hub promote`: it asks the hub that serves on this machine, as the manager's page does.

A process of its own beside that one would move the role behind its back: pages, board and kiosks would hear of it late.
"""

import ssl
from typing import Annotated, Final

import httpx2
import msgspec
import typer

from common.machine.console import say
from common.machine.errors import CannotBeDone
from common.machine.options import Json
from hub.commands.options import DEFAULT_CONFIG, Config
from hub.settings import HubConfig

_PATIENCE_S: Final = 30.0
_NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: what has expired works on, as for kiosks
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - listened to, not by this


class _Promoted(msgspec.Struct, frozen=True):
    hub: str
    term: int


class _Problem(msgspec.Struct, frozen=True):
    type: str
    detail: str


def promote(
    pin: Annotated[str, typer.Option(help="A manager's PIN.")],
    config: Config = DEFAULT_CONFIG,
    with_this: Annotated[bool, typer.Option("--with-this", help="Also where it lacks something.")] = False,
    json: Json = False,
) -> None:
    """Let this standby lead, under the next term; where it lacks something of the hall it says what it holds."""
    from hub.delivery.enrolment import load_enrolment
    from hub.settings import load

    settings = load(config)
    load_enrolment(settings.data_dir)
    found = _ask(settings, {"pin": pin, "with_this": with_this})
    say(msgspec.to_builtins(found), f"this hub leads now, under term {found.term}", json=json)


def _ask(config: HubConfig, wish: dict[str, object]) -> _Promoted:
    """Have the serving process lead. Raises CannotBeDone: it does not answer, or refuses."""
    host, port = config.listen
    host = _EVERYWHERE.get(host, host)
    url = f"{'https' if config.is_secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        with httpx2.Client(verify=_own_alone(config), trust_env=False, timeout=_PATIENCE_S) as client:
            said = client.post(f"{url}/v1/promotion", json=wish)
        if said.is_success:
            return msgspec.json.decode(said.content, type=_Promoted)
        problem = msgspec.json.decode(said.content, type=_Problem)
    except (httpx2.HTTPError, msgspec.DecodeError) as error:
        todo = "is hub.service running? look at `journalctl -u hub`, and ask again"
        raise CannotBeDone(f"no hub answers at {url} on this machine ({str(error)[:200]}): {todo}") from error
    more = ": --with-this lets it lead all the same" if problem.type == "/problems/holds-less" else ""
    raise CannotBeDone(f"{problem.detail}{more}")


def _own_alone(config: HubConfig) -> ssl.SSLContext | bool:
    """Trust the certificate of this hub alone: a PIN goes to nobody else who took its port."""
    if not config.is_secure:
        return False
    from hub.delivery.certificate import own_certificate

    context = ssl.create_default_context(cafile=str(own_certificate(config).certificate))
    context.check_hostname = False
    context.verify_flags |= _NO_CHECK_TIME
    return context
