"""How many customers are served at once, and how long a slow one may take.

WEB_CONCURRENCY sets the number of processes; each serves `threads` requests at a time.
"""

import os
import re
from typing import Any

from gunicorn.glogging import Logger

# An order's link is a key: who reads the log must not be able to open it.
_SECRET_PATHS = re.compile(r"(/orders/|/checkout/return/)[^/]+")


class MaskingLogger(Logger):
    """Writes the access log without the secret part of an order's address."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the values that the access log's format may use."""
        atoms: dict[str, Any] = super().atoms(*args, **kwargs)
        atoms["U"] = _SECRET_PATHS.sub(r"\1***", atoms["U"])
        return atoms


logger_class = MaskingLogger
wsgi_app = "storefront.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or (os.cpu_count() or 1) * 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
backlog = 256

# A request that takes longer is stuck; Stripe is given 6 s at most.
timeout = 30
# A restart lets running requests end.
graceful_timeout = 30
keepalive = 5

# Renew processes now and then, not all at the same moment.
max_requests = 5_000
max_requests_jitter = 500

limit_request_line = 4_096
limit_request_fields = 60

# The proxy's own addresses, from whom X-Forwarded-Proto is believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

control_socket_disable = True
accesslog = "-"
access_log_format = (
    '{"at":"%(t)s","request":"%({x-request-id}i)s","method":"%(m)s","path":"%(U)s",'
    '"status":%(s)s,"bytes":"%(B)s","microseconds":%(D)s}'
)
errorlog = "-"
