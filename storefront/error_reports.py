"""Reports of errors that name where it broke, and nothing that anybody typed or is (R42)."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NothingTyped(SafeExceptionReporterFilter):
    """Hides every field of a form and every variable, whether or not a view marks them."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        typed = super().get_post_parameters(request)
        if not self.is_active(request):
            return typed
        return dict.fromkeys(typed, self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        if not self.is_active(request):
            return super().get_traceback_frame_variables(request, tb_frame)
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()
