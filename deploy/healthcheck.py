"""Ask the web process of this container whether it lives, as a visitor of the shop's own host."""

import os
import urllib.request

host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
urllib.request.urlopen(request, timeout=3).close()  # noqa: S310 (our own address)
