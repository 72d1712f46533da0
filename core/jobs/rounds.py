"""What is looked at again and again: things due at a time that follows from other facts.

A reminder goes three days before an event, whenever that has been moved to. Storing the time
would mean keeping it right; looking every half minute whether it has come is cheaper.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from core.clock import now
from core.db import Busy, db

log = logging.getLogger(__name__)
Look = Callable[..., object]
EVERY = 30.0  # seconds, in each process that works


def init_app(app: Flask) -> None:
    """Give the app its table of looks."""
    app.extensions["looks"] = []
    app.extensions["looked"] = -EVERY


def looks(app: Flask, look: Look) -> None:
    """Have `look(session, *, now)` called too.

    It opens its own write transactions, must be cheap when there is nothing to do, and must bear
    being called by several processes at once.
    """
    app.extensions["looks"].append(look)


def look_round(*, at_once: bool = False) -> None:
    """Call them all, if it is long enough since the last time here; or `at_once`."""
    app = current_app
    if not at_once and time.monotonic() - app.extensions["looked"] < EVERY:
        return
    app.extensions["looked"] = time.monotonic()
    for look in app.extensions["looks"]:
        _one(look, db.session, now())


def _one(look: Look, session: Session, at: datetime) -> None:
    try:
        look(session, now=at)
    except Busy:
        pass  # the next round is soon
    except Exception:  # one that cannot be done stops no other
        log.exception("round")
    finally:
        session.rollback()
