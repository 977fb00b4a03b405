"""The square code of a pass, which the desk scans."""

import io
from typing import Final
from uuid import UUID

import segno

PREFIX: Final = "galea:pass:"
# Readable on a scratched screen; the code still holds few and large squares.
_ERROR_CORRECTION: Final = "m"


def code_of(public_id: UUID) -> str:
    """Return what the code says: which pass it is, and nothing about its owner."""
    return f"{PREFIX}{public_id}"


def drawn(public_id: UUID) -> bytes:
    """Return the code as an SVG, dark on light whatever the page's colours are."""
    out = io.BytesIO()
    segno.make(code_of(public_id), error=_ERROR_CORRECTION, micro=False).save(
        out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=True, omitsize=True
    )
    return out.getvalue()
