"""Who posts, without keeping their address: hashes under a secret that is thrown away."""

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from allauth.account.adapter import get_adapter

from blog.models import NetworkSalt

# What one household or firm usually has; IPv6 hands out whole prefixes.
V4_PREFIX, V6_PREFIX = 24, 48
SALTS_KEPT = dt.timedelta(days=2)


@dataclass(frozen=True)
class Origin:
    """Where a form came from, as two hashes of one day."""

    address: str
    network: str


def origin_of(request: HttpRequest, *, at: dt.datetime) -> Origin:
    """Name the sender's address and network so that neither can be read from the names."""
    raw = address_of(request)
    secret = _secret_of(timezone.localdate(at))
    return Origin(_hash(secret, f"address:{raw}"), _hash(secret, f"network:{network_of(raw)}"))


def address_of(request: HttpRequest) -> str:
    """Return the sender's address as the proxies that we trust say it."""
    return str(get_adapter(request).get_client_ip(request) or "")


def network_of(address: str) -> str:
    """Return the network of an address; what is no address is a network of its own."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped is not None:
        parsed = mapped
    prefix = V4_PREFIX if parsed.version == 4 else V6_PREFIX
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))


def forget_salts(*, at: dt.datetime) -> int:
    """Throw away old secrets: what was hashed with them can never be told again."""
    dropped, _ = NetworkSalt.objects.filter(day__lt=timezone.localdate(at - SALTS_KEPT)).delete()
    return dropped


def _secret_of(day: dt.date) -> bytes:
    found = NetworkSalt.objects.filter(day=day).first()
    if found is None:
        try:
            with transaction.atomic():
                found = NetworkSalt.objects.create(day=day, secret=secrets.token_bytes(32))
        except IntegrityError:  # Another process was faster.
            found = NetworkSalt.objects.get(day=day)
    return bytes(found.secret)


def _hash(secret: bytes, words: str) -> str:
    return hmac.new(secret, words.encode(errors="replace"), hashlib.sha256).hexdigest()[:32]
