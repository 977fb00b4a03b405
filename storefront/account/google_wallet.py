"""A pass for Google's wallet: a signed link that holds which pass it is and its code.

Nothing is asked of Google: the link holds all of it, and Google reads it once its owner follows
it. https://developers.google.com/wallet/generic/use-cases/jwt
"""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from storefront.account import wallet_keys
from storefront.account.codes import code_of
from treatments.models import SessionPass

_SAVE: Final = "https://pay.google.com/gp/v/save/"
_GREEN: Final = "#2f4538"


def link(row: SessionPass, *, at: dt.datetime) -> str:
    """Return the address under which Google puts a pass into its owner's wallet.

    :raises wallet_keys.NotAnAccount: if the shop cannot sign it.
    """
    signer = wallet_keys.google()
    told = {
        "iss": signer.email,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(at.timestamp()),
        "origins": [settings.SITE_URL],
        "payload": _objects(row),
    }
    said = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(told)}"
    signature = signer.key.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{_SAVE}{said}.{_base64(signature)}"


def _objects(row: SessionPass) -> Mapping[str, Any]:
    issuer, shop = settings.GOOGLE_WALLET_ISSUER, settings.WAGTAIL_SITE_NAME
    url = settings.SITE_URL + reverse("my:pass", args=[row.public_id])
    kind = f"{issuer}.sessions"
    words = {
        "cardTitle": _text(shop),
        "header": _text(row.treatment.name),
        "subheader": _text("Sessions of"),
    }
    return {
        "genericClasses": [{"id": kind}],
        "genericObjects": [
            {
                "id": f"{issuer}.{row.public_id}",
                "classId": kind,
                "state": "ACTIVE",
                **words,
                "hexBackgroundColor": _GREEN,
                "barcode": {"type": "QR_CODE", "value": code_of(row.public_id)},
                "linksModuleData": {
                    "uris": [
                        {
                            "id": "left",
                            "uri": url,
                            "description": "How many are left, and until when",
                        }
                    ]
                },
            }
        ],
    }


def _text(words: str) -> Mapping[str, Any]:
    return {"defaultValue": {"language": "en", "value": words}}


def _part(facts: Mapping[str, Any]) -> str:
    return _base64(json.dumps(facts, separators=(",", ":"), ensure_ascii=False).encode())


def _base64(held: bytes) -> str:
    return base64.urlsafe_b64encode(held).rstrip(b"=").decode()
