"""How a view answers: find or 404, show a form, do one thing once, go on with 303."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, Response, abort, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import crypto, idempotency
from core.clock import now
from core.db import Stale, db, write
from core.errors import Refusal, page, sentence_for_missing_key
from core.forms import Form

T = TypeVar("T")
GAP = "{token}"
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def init_app(app: Flask) -> None:
    """Give templates `new_key()`, for forms that are one button."""
    app.jinja_env.globals["new_key"] = crypto.new_token


def found(thing: T | None) -> T:
    """`thing`, or 404."""
    if thing is None:
        abort(404)
    return thing


def act(
    action: Callable[[], str], *, expected: str = "", body: str | None = None
) -> ResponseReturnValue:
    """Do `action` once for the form's key, in one transaction, and go on to the address it returns.

    Where it always returns the same, `expected` saves the database a question. `body` is the
    digest of the form, where it was made before a file in it was used up.
    Asked again with the same key and body the first answer is given again; with another body
    422. Raises `Refusal` and `Stale` as `action` does, with nothing changed. Of a secret link
    neither the purpose nor the answer keeps more than a hash or a gap.
    """
    key = request.form.get("form_key", "")
    if not FORM_KEY.fullmatch(key):
        return page(400, sentence_for_missing_key())
    secret = str((request.view_args or {}).get("token") or GAP)
    purpose = f"{getattr(g, 'user_id', 0)}:{crypto.digest(request.path)}"
    body = body or idempotency.body_digest()

    def once() -> str:
        claimed = idempotency.claim(
            db.session, purpose=purpose, key=key, body=body, now=now(), expected=expected
        )
        if claimed.answer:
            return claimed.answer.replace(GAP, secret)
        answer = action()
        idempotency.settle(db.session, claimed, answer.replace(secret, GAP))
        return answer

    try:
        return redirect(write(once), 303)
    except idempotency.KeyReused:
        return page(
            422,
            _(
                "Det här formuläret har redan skickats, med andra uppgifter. "
                "Ladda om sidan och fyll i det igen."
            ),
        )


def require_key() -> None:
    """Stop with 400 where the form has no key: for a POST that answers with a file."""
    if not FORM_KEY.fullmatch(request.form.get("form_key", "")):
        abort(400, sentence_for_missing_key())


def handle(
    form: Form,
    action: Callable[[], str],
    show: Callable[[], str],
    conflict: Callable[[], str] | None = None,
    *,
    prepare: Callable[[], None] | None = None,
    expected: str = "",
) -> ResponseReturnValue:
    """A page with one form: GET shows it, a good POST acts once, a bad one shows it again (422).

    `action` does the thing and returns the address to go on to; a `Refusal` it raises is shown
    at its field. On a version conflict `conflict` (or the form itself) is shown with 409. Slow
    work (a password's hash, a picture, a PDF) belongs in `prepare`: it runs for a good form, before
    the transaction, and may refuse. `expected` as in `act`.
    """
    if request.method != "POST":
        return show()
    if not form.validate():
        return show(), 422
    body = idempotency.body_digest()
    try:
        if prepare:
            prepare()
        return act(action, expected=expected, body=body)
    except Refusal as refusal:
        form.refuse(refusal)
        return show(), 422
    except Stale:
        if conflict:
            return conflict(), 409
        form.refuse(
            Refusal(
                _(
                    "Någon annan har sparat sedan du öppnade sidan. Det du skrev finns kvar här. "
                    "Öppna sidan i en ny flik och jämför innan du sparar igen."
                )
            )
        )
        return show(), 409


def page_number(name: str = "sida") -> int:
    """The page asked for in the address; 1 where nothing is asked, 400 where it is nonsense."""
    text = request.args.get(name, "1")
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        abort(400, _("Sidnumret i adressen är inget heltal. Ta bort det och försök igen."))
    return int(text)


def download(body: bytes | str, *, filename: str, mimetype: str, inline: bool = False) -> Response:
    """An answer that the browser saves as `filename` (ASCII, made by us)."""
    response = Response(body, mimetype=mimetype)
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{filename}"'
    return response


def disposition(name: str) -> str:
    """Content-Disposition that saves the answer as `name` (one clean line; RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'[\x00-\x1f\x7f"\\%;]', "_", plain) or "fil"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def query_text(name: str, length: int = 100) -> str:
    """A cleaned search text from the address, cut at `length` characters."""
    return clean_query(request.args.get(name, ""))[:length]


def clean_query(value: Any) -> str:
    """One clean line of what somebody searched for."""
    from_address = str(value).replace("\ufffd", "")
    return re.sub(r"[\x00-\x1f\x7f]", " ", from_address).strip()
