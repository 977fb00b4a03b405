"""Deleting in the admin what something else rests on: refused in words, whoever knows of it."""

from typing import Any

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpResponse, HttpResponseRedirect
from wagtail.admin.views.generic import DeleteView


class ProtectedDeleteView(DeleteView):
    """Wagtail asks its index of references, which may be behind; the database always knows."""

    http_method_names = ("get", "head", "options", "post")

    def form_valid(self, form: Any) -> HttpResponse:
        self.usage = None
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError as protected:
            users = sorted({str(row._meta.verbose_name) for row in protected.protected_objects})
            needed = f"“{self.object}” is needed by {' and '.join(users)}, and stays."
            messages.error(self.request, f"{needed} Change those first.")
            return HttpResponseRedirect(self.get_success_url())
        return response
