"""What goes wrong, as sentences and as pages in the house's look."""

import logging
from collections.abc import Callable

from flask import Flask, Response, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError

from core.csrf import SAFE
from core.db import Busy, Stale, db, passing

log = logging.getLogger(__name__)
Otherwise = Callable[[int, str, str], Response]

PAGES = {
    400: (
        _l("Vi förstår inte det som skickades"),
        _l("Något i adressen eller formuläret är skrivet på ett sätt som vi inte kan läsa. "
           "Gå tillbaka, ladda om sidan och försök igen."),
    ),
    403: (
        _l("Det här får du inte göra"),
        _l("Antingen saknar du behörighet, eller så har sidan legat öppen för länge. "
           "Gå tillbaka, ladda om sidan och försök igen. Det du skrev finns kvar i webbläsaren."),
    ),
    404: (
        _l("Sidan finns inte"),
        _l("Adressen kan vara felskriven eller gammal. Börja om från startsidan, "
           "där alla kommande evenemang finns."),
    ),
    405: (_l("Så går det inte att göra här"), _l("Gå tillbaka och använd knapparna på sidan.")),
    409: (
        _l("Någon annan hann före"),
        _l("Uppgifterna har ändrats sedan du öppnade sidan. Ladda om den och gör om din ändring."),
    ),
    413: (
        _l("Det du skickade är för stort"),
        _l("Ett formulär får vara högst 1 MB, en lista högst 5 MB, ett foto högst 8 MB och en "
           "handling högst 25 MB. Gå tillbaka, korta texten eller välj en mindre fil."),
    ),
    422: (
        _l("Det gick inte att spara"),
        _l("Någon uppgift stämmer inte. Gå tillbaka, rätta den och försök igen."),
    ),
    429: (
        _l("För många försök på kort tid"),
        _l("Vänta en stund och försök igen. Vi har inte sparat något."),
    ),
    500: (
        _l("Något gick fel hos oss"),
        _l("Felet är antecknat. Inget är sparat. Försök igen om en stund, "
           "eller ring kontaktpersonen för evenemanget."),
    ),
    503: (
        _l("Vi kan inte spara just nu"),
        _l("Många använder tjänsten samtidigt. Inget är sparat, men det du skrev finns kvar här. "
           "Vänta några sekunder och tryck på Försök igen."),
    ),
}  # fmt: skip
AWAY = (
    _l("Tjänsten svarar inte just nu"),
    _l("Det går oftast över på några sekunder. Vänta en stund och ladda om sidan."),
)
SECRET = {"password", "old"}  # never written back into a page


class Refusal(Exception):
    """A rule says no; the message is shown to the person who tried.

    `field` names the form field the sentence belongs to, or is None for the whole form.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(str(sentence))
        self.field = field


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.extensions["error_answers"] = {}
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(Stale, lambda _error: page(409))
    app.register_error_handler(Busy, lambda _error: page(503))
    app.register_error_handler(UnicodeError, lambda _error: page(400))
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _crash)


def answers_otherwise(app: Flask, prefix: str, answer: Otherwise) -> None:
    """Have errors at addresses under `prefix` told by `answer(code, heading, sentence)`."""
    app.extensions["error_answers"][prefix] = answer


def page(code: int, sentence: str | None = None) -> Response:
    """The page for `code`; on 503 with the form kept, so that it can be sent again."""
    heading, text = PAGES.get(code, PAGES[400 if code < 500 else 500])
    if code == 503 and request.method in SAFE:
        heading, text = AWAY
    response = _told(code, str(heading), str(sentence or text))
    response.headers["Cache-Control"] = "no-store"
    if code in {429, 503}:
        response.headers["Retry-After"] = "5"
    return response


def _told(code: int, heading: str, sentence: str) -> Response:
    for prefix, answer in current_app.extensions["error_answers"].items():
        if request.path.startswith(prefix):
            told: Response = answer(code, heading, sentence)
            return told
    kept = _typed() if code == 503 else []
    body = render_template("error.html", code=code, heading=heading, text=sentence, kept=kept)
    return Response(body, status=code)


def _typed() -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    return [pair for pair in request.form.items(multi=True) if pair[0] not in SECRET]


def _foreign_host(_error: SecurityError) -> Response:
    """Asked for under another name than ours: no page, as no link in it would be right."""
    return Response("400: fel adress till tjänsten\n", status=400, mimetype="text/plain")


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    described = type(error).description != error.description
    response = page(code, error.description if described else None)
    if code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return response


def _refused(error: Refusal) -> Response:
    return page(422, str(error))


def _database(error: DBAPIError) -> Response:
    db.session.rollback()
    return page(503) if passing(error) else _crash(error)


def _crash(error: Exception) -> Response:
    log.exception("unhandled: %s", type(error).__name__)
    db.session.rollback()
    return page(500)


def sentence_for_missing_key() -> str:
    """What to tell someone whose form came without its number."""
    return str(_("Formuläret saknar sitt nummer. Ladda om sidan och försök igen."))
