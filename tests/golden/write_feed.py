"""Write the golden feed again, when its format changes: `python -m tests.golden.write_feed`."""

import base64
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.central_keys import key_id
from common.protocol.feed_message import BusinessDay
from common.protocol.feed_page import FeedMessage, FeedPage, Gap
from common.protocol.message_signature import sign_request, sign_response

FEED = Path(__file__).with_name("feed.json")
KIOSK, EPOCH = "kiosk-5a3c0e11", "b0a3d1f4-6c1e-4f6e-9d55-0c5e1a2b3c4d"
CHAIN = "9d8f7a10-52c4-4a27-8e1b-3f0a6b7c8d9e"


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def write() -> None:
    kiosk, central = (Ed25519PrivateKey.from_private_bytes(name * 32) for name in (b"k", b"c"))
    url = (
        f"https://central.example/v1/kiosks/{KIOSK}/feed?after={EPOCH}.7.5ec1a0de5ec1a0de"
        f"&acked={CHAIN}.41.{'0123456789abcdef' * 4}&nonce=1f2e3d4c5b6a7988"
    )
    message = FeedMessage(8, "business-day", msgspec.Raw(msgspec.json.encode(BusinessDay("2026-11-26", 3))))
    page = FeedPage([message], f"{EPOCH}.8.0badcafe0badcafe", EPOCH, 8, missing=[Gap(CHAIN, 38)])
    body = msgspec.json.encode(page)
    request = sign_request("GET", url, b"", key=kiosk, keyid=KIOSK)
    kid = key_id(public(central))
    answer = sign_response(200, body, method="GET", url=url, request_headers=request, key=central, keyid=kid)
    sample = {
        "about": "A signed request for the feed and central's signed page.",
        "kiosk": KIOSK,
        "kiosk_key": base64.b64encode(public(kiosk)).decode(),
        "central_kid": kid,
        "central_key": base64.b64encode(public(central)).decode(),
        "method": "GET",
        "url": url,
        "request_headers": request,
        "request_body": "",
        "status": 200,
        "response_headers": answer,
        "response_body": body.decode(),
    }
    FEED.write_bytes(msgspec.json.format(msgspec.json.encode(sample), indent=1) + b"\n")


if __name__ == "__main__":
    write()
