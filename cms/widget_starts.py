"""Wagtail's choosers without scripts in the page: what starts them stands there as data.

The policy of the admin lets no script run that is written into a page. Wagtail's templates that
hold one are replaced by ours of the same name; its choosers write theirs in Python, so that their
method is replaced here. `static/js/widget-starts.js` reads the data.
"""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def install() -> None:
    """Let every chooser of Wagtail, and those that are made from them, write data."""
    BaseChooser.render = _render


def _render(
    chooser: Any, name: str, value: Any, attrs: dict[str, Any], **_renderer: Any
) -> SafeString:
    """Return a chooser's field, and behind it what `Chooser(id, options)` is started with."""
    value_data = chooser.get_value_data(value)
    field = chooser.render_html(name, value_data, attrs)
    if isinstance(chooser, AdminTaskChooser):
        start = format_html('data-start="createTaskChooser" data-id="{}"', attrs["id"])
    else:
        options = chooser.get_js_init_options(attrs["id"], name, value_data)
        start = format_html(
            'data-start="{}" data-id="{}" data-options="{}"',
            chooser.js_constructor,
            attrs["id"],
            json.dumps(options),
        )
    return format_html("{}<template {}></template>", field, start)
