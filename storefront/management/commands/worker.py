"""The background worker: mails, Stripe's notices, expiry, reconciliation, publishing."""

import logging
import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connections
from django.utils import timezone

from storefront.jobs import JOBS, Job, Runner

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Gives each job a thread of its own, so that a slow one holds up nothing else."""

    help = "Do the shop's background work until SIGTERM or Ctrl-C, which let running jobs finish."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="run every job once, one after the other, and stop"
        )

    def handle(self, *_args: Any, once: bool, **_options: Any) -> None:
        """Run the jobs.

        :raises CommandError: with ``--once``, if a job failed.
        """
        if once:
            self._run_once()
        else:
            self._run_until_stopped()

    def _run_once(self) -> None:
        failed = [job.name for job in JOBS if not Runner(job).run(at=timezone.now())]
        if failed:
            message = f"These jobs failed: {', '.join(failed)}."
            raise CommandError(message)
        self.stdout.write(f"{len(JOBS)} jobs done.")

    def _run_until_stopped(self) -> None:
        stop = threading.Event()

        def stop_gently(signum: int, _frame: FrameType | None) -> None:
            if stop.is_set():
                # Asked twice: whoever asks does not want to wait.
                signal.signal(signum, signal.SIG_DFL)
                signal.raise_signal(signum)
            stop.set()

        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, stop_gently)
        threads = [
            threading.Thread(target=run_until, args=(job, stop), name=job.name) for job in JOBS
        ]
        for thread in threads:
            thread.start()
        logger.info("The worker is at work: %s", ", ".join(job.name for job in JOBS))
        stop.wait()
        logger.info("The worker finishes what it has begun.")
        for thread in threads:
            thread.join()


def run_until(job: Job, stop: threading.Event) -> None:
    """Run a job again and again until told to stop; then let go of the database."""
    runner = Runner(job)
    try:
        while not stop.is_set():
            close_old_connections()
            runner.run(at=timezone.now())
            close_old_connections()
            stop.wait(runner.delay_seconds())
    finally:
        connections.close_all()
