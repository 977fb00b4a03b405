"""Worker processes that do one job at a time, when a test tells them to."""

import json
import os
import socket
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from tests.races import jobs


class Command(BaseCommand):
    help = "Fork worker processes, each listening on a Unix socket of its own in a folder."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own way to say none

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        connections.close_all()
        children = []
        for number in range(options["count"]):
            child = os.fork()
            if child == 0:
                _serve(options["folder"] / f"worker-{number}.sock")
            children.append(child)
        for child in children:
            os.waitpid(child, 0)


def _serve(path: Path) -> None:
    """Take jobs, one JSON line each, and answer each with a line; ends when it is killed."""
    with socket.socket(socket.AF_UNIX) as server:
        waiting = path.with_suffix(".new")
        server.bind(str(waiting))
        server.listen()
        waiting.rename(path)
        while True:
            visitor, _ = server.accept()
            with visitor, visitor.makefile("rw") as lines:
                for line in lines:
                    lines.write(json.dumps(jobs.run(**json.loads(line))) + "\n")
                    lines.flush()
