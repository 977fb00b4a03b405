"""A pass as a file for Apple's wallet: which pass it is and its code, signed, and no number left.

What is in a wallet cannot be changed by a shop that does not talk to Apple, so that the file holds
only what stays: https://developer.apple.com/documentation/walletpasses
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from PIL import Image, ImageDraw

from storefront.account import wallet_keys
from storefront.account.codes import code_of
from treatments.models import SessionPass

CONTENT_TYPE: Final = "application/vnd.apple.pkpass"
_GREEN, _CREAM = (47, 69, 56), (246, 242, 236)
# Pixels of the square picture in mails and on the lock screen.
_ICONS: Final[Mapping[str, int]] = {"icon.png": 29, "icon@2x.png": 58, "icon@3x.png": 87}


def drawn(row: SessionPass) -> bytes:
    """Return the file of a pass.

    :raises wallet_keys.NotAnIdentity: if the shop cannot sign it.
    """
    signer = wallet_keys.apple()
    files = {name: _icon(size) for name, size in _ICONS.items()}
    files["pass.json"] = _json(_words(row, signer))
    # Apple asks for SHA-1 here; what is signed is hashed with SHA-256.
    manifest = {name: hashlib.sha1(held).hexdigest() for name, held in files.items()}  # noqa: S324
    files["manifest.json"] = _json(manifest)
    files["signature"] = _signature(files["manifest.json"], signer)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, held in files.items():
            packed.writestr(name, held)
    return out.getvalue()


def _words(row: SessionPass, signer: wallet_keys.Identity) -> Mapping[str, Any]:
    shop, code = settings.WAGTAIL_SITE_NAME, code_of(row.public_id)
    url = settings.SITE_URL + reverse("my:pass", args=[row.public_id])
    sold_as = [{"key": "sold", "label": "Bought as", "value": row.package_name}]
    return {
        "formatVersion": 1,
        "passTypeIdentifier": signer.pass_type,
        "teamIdentifier": signer.team,
        "serialNumber": str(row.public_id),
        "organizationName": shop,
        "description": f"Sessions at {shop}",
        "logoText": shop,
        "backgroundColor": f"rgb{_GREEN}",
        "foregroundColor": f"rgb{_CREAM}",
        "labelColor": f"rgb{_CREAM}",
        "sharingProhibited": True,
        "barcodes": [
            {"format": "PKBarcodeFormatQR", "message": code, "messageEncoding": "iso-8859-1"}
        ],
        "generic": {
            "primaryFields": [
                {"key": "treatment", "label": "Sessions of", "value": row.treatment.name}
            ],
            "secondaryFields": sold_as if row.package_name else [],
            "backFields": [
                {"key": "left", "label": "How many are left, and until when", "value": url}
            ],
        },
    }


def _signature(manifest: bytes, signer: wallet_keys.Identity) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(manifest)
    builder = builder.add_signer(signer.certificate, signer.key, hashes.SHA256())
    for each in signer.others:
        builder = builder.add_certificate(each)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


def _icon(size: int) -> bytes:
    """Draw the shop's mark."""
    picture = Image.new("RGB", (size, size), _GREEN)
    box = (size * 0.26, size * 0.26, size * 0.74, size * 0.74)
    ImageDraw.Draw(picture).arc(box, start=0, end=320, fill=_CREAM, width=max(2, size // 14))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _json(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False).encode()
