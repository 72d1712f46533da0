"""What holds for every change."""

from flask_babel import gettext as _

from core.errors import Refusal
from events.models import Event
from events.rules import State


def refuse_closed(event: Event) -> None:
    """Raises `Refusal` for an event that is closed: its papers are whole."""
    if event.state is State.CLOSED:
        raise Refusal(_("Evenemanget är avslutat. Öppna det igen innan du ändrar något."))
