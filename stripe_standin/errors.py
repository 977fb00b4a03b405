"""Refusals in the shape of Stripe's error object (docs.stripe.com/api/errors)."""

from typing import Any

from stripe_standin.http_message import Response, json_response

INVALID_REQUEST = "invalid_request_error"


class ApiRefusal(Exception):
    """The API call is refused; `executed` says whether the endpoint had begun its work.

    Stripe keeps an answer for its idempotency key only once an endpoint began to execute.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = INVALID_REQUEST,
        code: str | None = None,
        param: str | None = None,
        executed: bool = True,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.executed = executed

    def body(self) -> dict[str, Any]:
        """Return the JSON body Stripe would send."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://docs.stripe.com/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": error}

    def response(self) -> Response:
        """Return the whole HTTP answer."""
        return json_response(self.body(), status=self.status)


def missing_resource(noun: str, key: str, *, param: str = "id", status: int = 404) -> ApiRefusal:
    """Refuse because no such object exists; 404 for the object itself, 400 for a parameter."""
    return ApiRefusal(
        f"No such {noun}: '{key}'", status=status, code="resource_missing", param=param
    )


def unrecognised_url(method: str, path: str) -> ApiRefusal:
    """Refuse an address the API does not have."""
    return ApiRefusal(
        f"Unrecognized request URL ({method}: {path}). Please see https://docs.stripe.com or "
        "we can help at https://support.stripe.com/.",
        status=404,
        executed=False,
    )


def missing_parameter(param: str, message: str | None = None) -> ApiRefusal:
    """Refuse because a required parameter was not sent."""
    return ApiRefusal(
        message or f"Missing required param: {param}.", code="parameter_missing", param=param
    )


def invalid_parameter(param: str, message: str, *, code: str | None = None) -> ApiRefusal:
    """Refuse one parameter's value."""
    return ApiRefusal(message, code=code, param=param)


def server_failure(status: int) -> ApiRefusal:
    """Return the answer of a Stripe that is unwell (500 or 503)."""
    return ApiRefusal(
        "An unknown error occurred. The stand-in was told to fail this call.",
        status=status,
        kind="api_error",
    )


def rate_limited() -> ApiRefusal:
    """Return the answer given to a caller that asks too often."""
    return ApiRefusal(
        "Request rate limit exceeded. Learn more about rate limits "
        "https://docs.stripe.com/rate-limits.",
        status=429,
        code="rate_limit",
        executed=False,
    )
