"""A whole running shop: web server, workers and payment service, on one database."""

import datetime as dt
import json
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tests.races.buyer import Buyer
from tests.races.databases import Database
from tests.races.payment_service import PaymentService
from tests.races.processes import Process

WEB_PROCESSES = 2
WEB_THREADS = 12
WORKERS = 4

Result = TypeVar("Result")


class JobFailed(AssertionError):
    """A worker's job raised something; the message says what."""


class Shop:
    """Real processes over real sockets; everything is told and read from outside."""

    def __init__(
        self, folder: Path, database: Database, *, settings: str = "tests.races.settings"
    ) -> None:
        self.database = database
        self._folder = folder
        self._processes: list[Process] = []
        # Unix sockets have short names, and pytest's folders have long ones.
        self._sockets = tempfile.TemporaryDirectory(prefix="galea-workers-")
        with socket.create_server(("127.0.0.1", 0), backlog=512) as door:
            self.origin = f"http://127.0.0.1:{door.getsockname()[1]}"
            self.stripe = PaymentService.start(folder, notify=f"{self.origin}/stripe/webhook/")
            self._env = {
                "DJANGO_SETTINGS_MODULE": settings,
                "RACE_DATABASE_URL": database.url,
                "RACE_SITE_URL": self.origin,
                "RACE_STRIPE_URL": self.stripe.url,
            }
            self._start_web(door)
            self._start_workers()
        self._processes[0].wait_until(self._answers)
        self._processes[1].wait_until(
            lambda: all(self._door_of(number).exists() for number in range(WORKERS))
        )

    def _start_web(self, door: socket.socket) -> None:
        flags = [f"--bind=fd://{door.fileno()}", f"--workers={WEB_PROCESSES}", "--preload"]
        flags += ["--no-control-socket"]
        flags += ["--worker-class=gthread", f"--threads={WEB_THREADS}", "--timeout=120"]
        flags += ["--worker-tmp-dir=/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108
        self._processes.append(
            Process(
                ["-m", "gunicorn", *flags, "storefront.wsgi"],
                env=self._env,
                log=self._folder / "web.log",
                pass_fds=[door.fileno()],
            )
        )

    def _start_workers(self) -> None:
        command = ["-m", "django", "work_on_demand", self._sockets.name, str(WORKERS)]
        log = self._folder / "workers.log"
        self._processes.append(Process(command, env=self._env, log=log))

    def _answers(self) -> bool:
        try:
            return self.buyer("nobody").get("/checkout/").status == 302
        except OSError:
            return False

    def stop(self) -> None:
        for process in self._processes:
            process.stop()
        self.stripe.stop()
        self._sockets.cleanup()

    def buyer(self, name: str, *, without: str = "") -> Buyer:
        return Buyer(self.origin, name, without=without)

    @property
    def web_log(self) -> str:
        return (self._folder / "web.log").read_text(errors="replace")

    # --- Workers ----------------------------------------------------------------------------

    def do(self, job: str, *, at: dt.datetime, worker: int = 0, **details: Any) -> Any:
        """Let one worker do a job and return its result.

        :raises JobFailed: if the job raised.
        """
        answer = self.try_to(job, at=at, worker=worker, **details)
        if "error" in answer:
            raise JobFailed(f"{job}: {answer['error']}")
        return answer["result"]

    def try_to(self, job: str, *, at: dt.datetime, worker: int = 0, **details: Any) -> Any:
        """Let one worker do a job; its result, or what it raised."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(90)
            line.connect(str(self._door_of(worker)))
            with line.makefile("rw") as lines:
                lines.write(json.dumps({"name": job, "at": at.isoformat(), **details}) + "\n")
                lines.flush()
                answer = lines.readline()
        return json.loads(answer) if answer else {"error": "the worker died"}

    def do_everywhere(self, job: str, *, at: dt.datetime, **details: Any) -> list[Any]:
        """Let all workers do the same job at once and return their results."""
        return at_once(
            [partial(self.do, job, at=at, worker=worker, **details) for worker in range(WORKERS)]
        )

    def _door_of(self, worker: int) -> Path:
        return Path(self._sockets.name) / f"worker-{worker}.sock"


def at_once(acts: Sequence[Callable[[], Result]]) -> list[Result]:
    """Start acts at the same moment, each in a thread of its own; return their results."""
    gate = threading.Barrier(len(acts))

    def act_at_the_gate(act: Callable[[], Result]) -> Result:
        gate.wait(timeout=60)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act_at_the_gate, acts))


def in_turn(acts: Iterable[Callable[[], Result]], *, parallel: int = 8) -> list[Result]:
    """Do many acts, a few at a time, where nothing is to collide."""
    with ThreadPoolExecutor(parallel) as pool:
        return list(pool.map(lambda act: act(), acts))
