"""Pages about the service itself: accessibility, personal data, cookies."""

from flask import Blueprint, Flask, Response, render_template

from core.cache import answer, tagged
from core.policy import public

bp = Blueprint("pages", __name__, url_prefix="/om")


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)


@bp.get("/tillganglighet")
@public
def accessibility() -> Response:
    """The accessibility statement (lag 2018:1937, 13 §)."""
    return answer(tagged(render_template("pages/accessibility.html")))


@bp.get("/personuppgifter")
@public
def privacy() -> Response:
    """How personal data are handled (GDPR art. 13 and 14)."""
    return answer(tagged(render_template("pages/privacy.html")))


@bp.get("/kakor")
@public
def cookies() -> Response:
    """Which cookies there are and why no banner is needed (lag 2022:482, 9 kap. 28 §)."""
    return answer(tagged(render_template("pages/cookies.html")))
