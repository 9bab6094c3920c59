"""`python -m demo.app`: serve the stand-in on loopback; says its address and its key as one line of JSON.

`APP_TOKENS` in the environment holds its tokens, `{"order-states": …, "claims": …}`: on a command line they would be
everybody's to read. The key is what `central publish app-key` takes.
"""

import argparse
import asyncio
import json
import os
from datetime import UTC, datetime

from common.web import runner
from demo.app.calls import CentralCalls
from demo.app.order_code import AppKey
from demo.app.pages import app_of
from demo.app.phone import Phone

TOKENS = "APP_TOKENS"
_STOPS_WITHIN_S = 2


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m demo.app", description=__doc__)
    parser.add_argument("--central", required=True, help="its address, such as http://127.0.0.1:8080")
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    key = AppKey()
    phone = Phone(CentralCalls(asked.central, json.loads(os.environ[TOKENS])), key)
    listener, address = runner.listen("127.0.0.1", asked.port)

    def announce() -> None:
        print(json.dumps({"url": f"http://{address}", "key": key.published(datetime.now(UTC))}), flush=True)

    asyncio.run(runner.serve(runner.settings(app_of(phone), _STOPS_WITHIN_S), listener, announce))


if __name__ == "__main__":
    main()
