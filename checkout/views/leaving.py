"""Send a browser on to the payment page."""

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """A redirect that is always followed by GET (303), whatever led to it."""

    status_code = 303


def leave_for(url: str) -> SeeOther:
    """Lead to a payment page; the browser's policy lists where that may be."""
    response = SeeOther(url)
    response["Referrer-Policy"] = "no-referrer"
    return response
