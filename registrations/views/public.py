"""What everybody sees."""

from registrations.views.blueprint import bp
from core.policy import public


@bp.get("/sakrad")
@public
def councils() -> str:
    """Stub."""
    return ""


@bp.get("/arbeta/organisationer")
@public
def organisations() -> str:
    """Stub."""
    return ""
