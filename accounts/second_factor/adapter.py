"""How allauth keeps and shows second factors in this shop."""

import io
from typing import Any, Final

from django.conf import settings
import segno
from allauth.mfa.adapter import DefaultMFAAdapter

from accounts.sealing import Sealer

SEALER: Final = Sealer(purpose="accounts.second_factor")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed, and the picture for the phone is drawn without a further library."""

    error_messages: Final[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is wrong, or was used before. Wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is written."""
        return SEALER.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret.

        :raises Unreadable: if the key that it was sealed with is gone.
        """
        return SEALER.unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the shop, where a browser says whose passkey it is; it belongs to the host alone."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": str(settings.WAGTAIL_SITE_NAME)}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002, ARG002
        """Leave the name of a passkey to its owner."""
        return ""

    def build_totp_svg(self, url: str) -> str:
        """Draw what an authenticator app scans, dark on light whatever the page's colours are."""
        out = io.BytesIO()
        segno.make(url, error="m", micro=False).save(
            out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, scale=5
        )
        return out.getvalue().decode()
