"""How a page is made from a template: every value is escaped unless it is markup already."""

import html
from collections.abc import Iterable
from functools import cache
from importlib import resources
from string import Template

from stripe_standin.http_message import HTML_TYPE, Response

SYMBOLS = {"eur": "€", "gbp": "£", "usd": "$"}


class Markup(str):
    """Text that is HTML and is not escaped again."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template(source(name))


def source(name: str) -> str:
    """Return the text of a file in `templates/`."""
    return (resources.files("stripe_standin") / "templates" / name).read_text("utf-8")


def escaped(value: object) -> str:
    """Return a value as text that is safe in HTML and in quoted attributes."""
    return str(value) if isinstance(value, Markup) else html.escape(str(value))


def tag(text: str, /, **values: object) -> Markup:
    """Fill a piece of markup, with `$names` in it, with escaped values."""
    return Markup(
        Template(text).substitute({name: escaped(value) for name, value in values.items()})
    )


def filled(name: str, /, **values: object) -> Markup:
    """Fill a template file with escaped values."""
    safe = {key: escaped(value) for key, value in values.items()}
    return Markup(_template(name).substitute(safe))


def joined(pieces: Iterable[Markup]) -> Markup:
    """Put pieces of markup one after the other."""
    return Markup("\n".join(pieces))


def page(
    title: str,
    content: Markup,
    *,
    status: int = 200,
    stripe: str = "Test payment page, not Stripe",
    leads_to: str | None = None,
) -> Response:
    """Return a whole page; its form may only lead here and to the origin named."""
    target = f" {leads_to}" if leads_to else ""
    headers = {
        "Content-Type": HTML_TYPE,
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self'{target}"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    body = filled("page.html", title=title, stripe=stripe, content=content)
    return Response(status, headers, body.encode())


def money(amount: int, currency: str) -> str:
    """Return an amount of minor units as a person writes it: `€1,234.50`."""
    sign = "-" if amount < 0 else ""
    number = f"{abs(amount) // 100:,}.{abs(amount) % 100:02}"
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency.upper()}"
