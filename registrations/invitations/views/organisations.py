"""The register of organisations, shared by all authorities."""

from accounts.gate import staff
from accounts.rules import PLAN
from registrations.views.blueprint import bp


@bp.get("/arbeta/organisationer")
@staff(PLAN)
def organisations() -> str:
    """The register."""
    return ""
