"""What the states of long work are called for people."""

from flask_babel import lazy_gettext as _l

from core.jobs.rules import State

STATE = {
    State.WAITING: _l("Väntar"),
    State.RUNNING: _l("Pågår"),
    State.DONE: _l("Klart"),
    State.FAILED: _l("Gick inte"),
    State.CANCELLED: _l("Avbrutet"),
}
