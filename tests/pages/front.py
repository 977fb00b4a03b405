"""The shop as it is deployed: nginx with our configuration, web processes, and who writes."""

import http.client
import json
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.processes import Process, free_port
from tools.bench import nginx
from tools.bench.servers import HOST, Size, Stand, wait_for
from tools.environment import PYTHON, ROOT


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def cache(self) -> str:
        """What nginx says of its cache: HIT, MISS, BYPASS."""
        return self.headers.get("x-cache", "")


class Visitor:
    """One connection to nginx, or to the web processes past it."""

    def __init__(self, port: int, *, has_tls: bool = True) -> None:
        if has_tls:
            context = ssl.create_default_context()
            # The certificate was made for this run.
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self._to: Any = http.client.HTTPSConnection("127.0.0.1", port, context=context)
        else:
            self._to = http.client.HTTPConnection("127.0.0.1", port)

    def get(self, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._to.request("GET", path, headers={"Host": HOST, **named})
        answer = self._to.getresponse()
        body = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, body)

    def close(self) -> None:
        self._to.close()


class Front:
    """nginx, two web processes, the worker, and a process that writes; stopped as one."""

    def __init__(self, folder: Path, *, has_worker: bool = True) -> None:
        self._visitors: list[Visitor] = []
        self.stand = Stand(folder, Size(2, 4))
        self._run("migrate", "--noinput", "--verbosity=0")
        self._run("collectstatic", "--noinput", "--verbosity=0")
        self.web = self.stand.gunicorn("web", "storefront.wsgi:application")
        wait_for(self.stand.servers, f"{self.web}/healthz")
        self.port = free_port()
        command = nginx.configure(
            folder,
            port=self.port,
            shop_port=urlsplit(self.web).port or 0,
            host=HOST,
            var=self.stand.var,
        )
        self.stand.start("nginx", command)
        self._acts = Process(
            ["-m", "tests.pages.acts"],
            env=self.stand.env,
            log=folder / "acts.log",
            is_spoken_to=True,
        )
        self._acts.wait_until(self._is_open)
        # Before there is a worker, so that it begins with nothing to do.
        self.do("catch_up")
        if has_worker:
            self.stand.start("worker", [str(PYTHON), "manage.py", "worker"])

    def visitor(self) -> Visitor:
        return self._remember(Visitor(self.port))

    def past_nginx(self) -> Visitor:
        return self._remember(Visitor(urlsplit(self.web).port or 0, has_tls=False))

    def let_visitors_go(self) -> None:
        """Close every connection that a test has opened."""
        while self._visitors:
            self._visitors.pop().close()

    def _remember(self, visitor: Visitor) -> Visitor:
        self._visitors.append(visitor)
        return visitor

    def do(self, act: str, **details: Any) -> Any:
        """Let something be done in the other process; return when it is committed."""
        self._acts.stdin.write(json.dumps({"act": act, **details}) + "\n")
        self._acts.stdin.flush()
        answer = self._acts.stdout.readline()
        assert answer, f"{act} failed: {self._acts.last_words()}"
        return json.loads(answer)["result"]

    def stop(self) -> None:
        self._acts.stop()
        self.stand.servers.stop()

    def _is_open(self) -> bool:
        try:
            return self.visitor().get("/robots.txt").status == 200
        except OSError:
            return False
        finally:
            self.let_visitors_go()

    def _run(self, *arguments: str) -> None:
        command = [str(PYTHON), "manage.py", *arguments]
        run = subprocess.run(command, cwd=ROOT, env=self.stand.env, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr[-3000:]
