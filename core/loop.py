"""Going round and round: in a thread of the server, or as a program until told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable

from flask import Flask, current_app

log = logging.getLogger(__name__)
POLL = 0.5  # seconds to the next round where there was nothing to do
Once = Callable[[], int]


def in_thread(app: Flask, name: str, once: Once) -> None:
    """Call `once()`, which says how much it did, for as long as this process lives."""

    def forever() -> None:
        while True:
            time.sleep(0 if _round(app, name, once) else POLL)

    threading.Thread(target=forever, name=name, daemon=True).start()


def until_stopped(name: str, once: Once) -> None:
    """Call `once()`, which says how much it did, until told to stop (SIGTERM, Ctrl+C)."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    while not stopped.is_set():
        stopped.wait(0 if _round(app, name, once) else POLL)


def _round(app: Flask, name: str, once: Once) -> int:
    try:
        with app.app_context():
            return once()
    except Exception:  # the worker must outlive whatever one round met
        log.exception(name)
        return 0
