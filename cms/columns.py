"""Columns for the admin's lists that Wagtail has none for."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin.ui.tables import Column


class WhenColumn(Column):
    """A day or a moment as the calendar has it.

    Wagtail's own column says how long ago something was, and of all that is to come “just now”.
    """

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        return when(value) if value else ""


def when(value: dt.date) -> str:
    """Say a day, or a moment in the shop's zone: “3 Dec 2026” or “3 Dec 2026, 14:05”."""
    if isinstance(value, dt.datetime):
        return str(date_format(localtime(value), "j M Y, H:i"))
    return str(date_format(value, "j M Y"))
