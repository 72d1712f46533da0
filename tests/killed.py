"""A worker that is killed (SIGKILL) in the middle, as often as is wanted, and started again."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from core.jobs.rules import LEASE
from tests.conftest import NOW

ROOT = Path(__file__).parents[1]


class Workers:
    """One program that makes the application once, and a new process of it for each worker.

    `prepared` names functions ("tests.core.test_jobs:slowly") that are given its application.
    """

    def __init__(self, app: Any, *prepared: str) -> None:
        self.app = app
        self.prepared = prepared

    def __enter__(self) -> "Workers":
        environment = os.environ | {
            "SAMLING_ENV": "test", "SAMLING_FAKE_NOW": NOW.isoformat(), "PYTHONPATH": str(ROOT),
            "SAMLING_DATABASE_URL": self.app.config["DATABASE_URL"],
            "SAMLING_BASE_URL": "http://localhost",
        }  # fmt: skip
        self.program = subprocess.Popen(
            [sys.executable, __file__, *self.prepared], env=environment, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.close()
        self.program.wait(60)
        self.program.stdout.close()

    def run(self, seconds: float) -> str:
        """Let a worker work for so long, then kill it; "killed", or "done" if it was faster.

        The clock goes on until the lease has run out.
        """
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(f"{seconds}\n")
        self.program.stdin.flush()
        self.app.config["FAKE_NOW"] += LEASE
        return self.program.stdout.readline().strip()


def main() -> None:
    """For each line of standard input: fork a worker, kill it after so many seconds."""
    from core.jobs.worker import run_once  # noqa: PLC0415 - only in the program
    from wsgi import create_app  # noqa: PLC0415

    app = create_app()
    for name in sys.argv[1:]:
        module, _colon, function = name.partition(":")
        getattr(import_module(module), function)(app)
    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            with app.app_context():
                while run_once():
                    pass
            os._exit(0)
        give_up = time.monotonic() + float(line)
        status = 0
        while not (ended := os.waitpid(worker, os.WNOHANG))[0] and time.monotonic() < give_up:
            time.sleep(0.002)
        if not ended[0]:
            os.kill(worker, signal.SIGKILL)
            status = os.waitpid(worker, 0)[1]
        print("killed" if status else "done", flush=True)  # noqa: T201
        app.config["FAKE_NOW"] += timedelta(seconds=LEASE.total_seconds())


if __name__ == "__main__":
    main()
