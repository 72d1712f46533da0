"""What is looked at again and again: things due at a time that follows from other facts.

A reminder goes three days before an event, whenever that has been moved to. Storing the time
would mean keeping it right; looking every half minute whether it has come is cheaper.

When the clock of the host has jumped, nothing becomes due for a while: places that are held until
tomorrow are else lost to a clock that runs a day fast until somebody sets it right.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy.orm import Session

from core.clock import now
from core.db import Busy, db

log = logging.getLogger(__name__)
Look = Callable[..., object]
EVERY = 30.0  # seconds, in each process that works
JUMP = timedelta(minutes=5)  # more than clocks are corrected by in running
HOLD = 900.0  # seconds for somebody to set a clock right


def init_app(app: Flask) -> None:
    """Give the app its table of looks."""
    app.extensions["looks"] = []
    app.extensions["looked"] = -EVERY
    app.extensions["clock"] = None
    app.extensions["held_until"] = 0.0


def looks(app: Flask, look: Look) -> None:
    """Have `look(session, *, now)` called too.

    It opens its own write transactions, must be cheap when there is nothing to do, and must bear
    being called by several processes at once.
    """
    app.extensions["looks"].append(look)


def look_round(*, at_once: bool = False) -> None:
    """Call them all, if it is long enough since the last time here; or `at_once`."""
    app = current_app
    if not at_once and (time.monotonic() - app.extensions["looked"] < EVERY or not _steady(app)):
        return
    app.extensions["looked"] = time.monotonic()
    for look in app.extensions["looks"]:
        _one(look, db.session, now())


def _steady(app: Flask) -> bool:
    """Whether the clock has gone as it should, at least for a while, since it was looked at."""
    passed, here = time.monotonic(), now()
    last: tuple[float, datetime] | None = app.extensions["clock"]
    app.extensions["clock"] = passed, here
    if last is not None and abs(here - last[1] - timedelta(seconds=passed - last[0])) > JUMP:
        log.warning("the clock has jumped from %s to %s: nothing is due for a while", last[1], here)
        app.extensions["held_until"] = passed + HOLD
    return passed >= float(app.extensions["held_until"])


def _one(look: Look, session: Session, at: datetime) -> None:
    try:
        look(session, now=at)
    except Busy:
        pass  # the next round is soon
    except Exception:  # one that cannot be done stops no other
        log.exception("round")
    finally:
        session.rollback()
