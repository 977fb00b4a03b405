"""Wagtail draws nothing where an icon is named that it does not have."""

import re

from wagtail.admin.icons import get_icons

from tools.environment import ROOT

ROOMS = ("accounts", "blog", "catalog", "checkout", "claims", "cms", "outbox", "storefront")
NAMED = re.compile(r'\b(?:header_|classic_)?icon(?:_name)? ?= ?"([a-z0-9-]+)"')


def named_icons() -> set[str]:
    """Return the icons that screens, menus and templates of the admin ask for."""
    files = [
        *(file for room in (*ROOMS, "treatments") for file in (ROOT / room).rglob("*.py")),
        *(ROOT / "templates").glob("*/admin/**/*.html"),
    ]
    return {name for file in files for name in NAMED.findall(file.read_text())}


def test_every_icon_of_the_admin_is_there() -> None:
    known = set(re.findall(r'id="icon-([a-z0-9-]+)"', get_icons()))

    assert {"calendar", "resubmit", "warning"} <= named_icons()
    assert named_icons() - known == set()
