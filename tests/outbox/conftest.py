"""A renderer for the tests' own event, taken away afterwards."""

from collections.abc import Mapping
from typing import Any

import pytest

from outbox import mail


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    if context.get("broken"):
        raise LookupError("ada@example.com has no such order")
    return mail.RenderedMail(
        subject=f"Your order\n{context['order']}",
        text="Thank you.",
        html="<html><head></head><body><p>Thank you.</p></body></html>",
    )


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_renderers", {"test_event": render})
