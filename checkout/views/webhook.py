"""Where Stripe's notices arrive: verified and stored here, acted on by the worker."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from checkout import stripe_gateway, webhooks


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Answer 200 once a notice is stored, 400 to anything that is not Stripe's word."""
    signature = request.headers.get("Stripe-Signature", "")
    try:
        webhooks.receive(body=request.body, signature=signature, at=timezone.now())
    except (stripe_gateway.NoticeForged, RequestDataTooBig):
        return HttpResponse("not accepted", status=400, content_type="text/plain")
    return HttpResponse("stored", content_type="text/plain")
