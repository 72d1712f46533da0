"""Pages about the service itself: accessibility, personal data, cookies."""

from flask import Blueprint, Flask, render_template

from core.policy import public

bp = Blueprint("pages", __name__, url_prefix="/om")


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)


@bp.get("/tillganglighet")
@public
def accessibility() -> str:
    """The accessibility statement (lag 2018:1937, 13 §)."""
    return render_template("pages/accessibility.html")


@bp.get("/personuppgifter")
@public
def privacy() -> str:
    """How personal data are handled (GDPR art. 13)."""
    return render_template("pages/privacy.html")


@bp.get("/kakor")
@public
def cookies() -> str:
    """Which cookies there are and why no banner is needed (lag 2022:482, 9 kap. 28 §)."""
    return render_template("pages/cookies.html")
