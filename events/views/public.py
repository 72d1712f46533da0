"""What everybody sees."""

from events.views.blueprint import bp
from core.policy import public


@bp.get("/")
@public
def start() -> str:
    """Stub."""
    return "start"


@bp.get("/kalender.ics")
@public
def feed() -> str:
    """Stub."""
    return ""


@bp.get("/uppdrag")
@public
def assignments() -> str:
    """Stub."""
    return ""


@bp.get("/arbeta/")
@public
def work() -> str:
    """Stub."""
    return ""
