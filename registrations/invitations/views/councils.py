"""The public register of sakråd."""

from core.policy import public
from registrations.views.blueprint import bp


@bp.get("/sakrad")
@public
def councils() -> str:
    """The register as a page."""
    return ""
