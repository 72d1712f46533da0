"""Two languages by address (`/…` Swedish, `/en/…` English) and the Swedish forms of things."""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import babel.dates
import babel.numbers
import phonenumbers
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from core.clock import to_local

LANGUAGES = ("sv", "en")
ENGLISH = "/en"
NBSP = "\u00a0"


class LanguagePrefix:
    """WSGI middleware: `/en/x` is `/x` in English; links made inside keep the prefix."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Move the prefix from the path to the script name."""
        path = environ.get("PATH_INFO", "")
        if path == ENGLISH or path.startswith(ENGLISH + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + ENGLISH
            environ["PATH_INFO"] = path[len(ENGLISH) :] or "/"
        return self.app(environ, start_response)


def language() -> str:
    """The language of the request: "sv" or "en"."""
    return "en" if has_request_context() and request.script_root.endswith(ENGLISH) else "sv"


# The library says of words with what somebody typed in them that they are HTML as they stand.
LazyString.__html__ = lambda self: escape(str(self))  # type: ignore[method-assign]


def init_app(app: Flask) -> None:
    """Choose the language by address and give templates the formats."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", f"{app.root_path}/translations")
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "sv")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/Stockholm")
    Babel(app, locale_selector=language)  # type: ignore[no-untyped-call]
    app.jinja_env.globals.update(
        language=language, other_language=other_language, in_both=in_both, swedish=swedish
    )
    for function in (
        day, day_short, day_span, day_iso, month, clock, moment, span, span_from, clock_span,
        number, percent, kronor, phone,
    ):  # fmt: skip
        app.jinja_env.filters[function.__name__] = function
        app.jinja_env.globals[function.__name__] = function
    app.jinja_env.filters["phone_link"] = phone_link


@contextlib.contextmanager
def speaking(language_code: str) -> Iterator[None]:
    """Links, words and formats as on the pages of that language, in or outside a request."""
    prefix = ENGLISH if language_code == "en" else ""
    before = g.pop("_flask_babel", None)  # Flask-Babel remembers the language there
    try:
        with current_app.test_request_context(base_url=current_app.config["BASE_URL"] + prefix):
            yield
    finally:
        g.pop("_flask_babel", None)
        if before is not None:
            g._flask_babel = before


def public_url(endpoint: str, **values: Any) -> str:
    """The absolute address of a page, always under BASE_URL whatever host was asked."""
    return str(current_app.config["BASE_URL"]) + url_for(endpoint, **values)


def in_both(endpoint: str, **values: Any) -> dict[str, str]:
    """The absolute address of a page by language."""
    path = url_for(endpoint, **values)
    if language() == "en":
        path = path.removeprefix(ENGLISH)
    base = current_app.config["BASE_URL"]
    return {"sv": base + path, "en": base + ENGLISH + path}


def other_language(
    *, keep_query: bool = False, query: Mapping[str, Any] | None = None
) -> tuple[str, str, str]:
    """Code, name and address of this page in the other language.

    Without the query, unless the page asks for it: most public pages are kept and shown to
    others who asked with another one. Such a page may say itself what of it matters (`query`).
    """
    asked = request.query_string.decode("utf-8", "replace") if keep_query else ""
    asked = urlencode(query) if query else asked
    path = request.path + (f"?{asked}" if asked else "")
    if language() == "en":
        return "sv", "Svenska", path
    return "en", "English", ENGLISH + path


def swedish() -> Markup:
    """The attribute of what an organiser has written, in Swedish, on a page in another language."""
    return Markup("") if language() == "sv" else Markup(' lang="sv"')


def _locale() -> str:
    return "en_GB" if language() == "en" else "sv"


def day(when: datetime | date) -> str:
    """E.g. "onsdag 23 november 2016"."""
    return babel.dates.format_date(_date(when), "EEEE d MMMM y", _locale())


def day_short(when: datetime | date) -> str:
    """E.g. "23 november 2016"."""
    return babel.dates.format_date(_date(when), "d MMMM y", _locale())


def day_span(first: date, last: date) -> str:
    """E.g. "22–23 november 2016", "30 november–6 december 2026"; the year once where it is one."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_short(last)}"
    if first.year == last.year:
        return f"{babel.dates.format_date(first, 'd MMMM', _locale())}–{day_short(last)}"
    return f"{day_short(first)}–{day_short(last)}"


def month(when: datetime | date) -> str:
    """E.g. "november 2016"."""
    return babel.dates.format_date(_date(when), "MMMM y", _locale())


def day_iso(when: datetime | date) -> str:
    """E.g. "2016-11-23", for tables."""
    return _date(when).isoformat()


def clock(when: datetime) -> str:
    """E.g. "09.30" (English 09:30)."""
    return f"{to_local(when):%H{':' if language() == 'en' else '.'}%M}"


def clock_span(starts: datetime, ends: datetime) -> str:
    """E.g. "09.30–16.00"."""
    return f"{clock(starts)}–{clock(ends)}"


def moment(when: datetime) -> str:
    """E.g. "2016-11-23 09.30", for tables and logs."""
    return f"{day_iso(when)} {clock(when)}"


def span(starts: datetime, ends: datetime) -> str:
    """E.g. "onsdag 23 november 2016 kl. 09.30–16.00", or "22–23 november 2016" over days."""
    first, last = _date(starts), _date(ends)
    if first == last:
        at = " " if language() == "en" else " kl. "
        return f"{day(starts)}{at}{clock_span(starts, ends)}"
    return day_span(first, last)


def span_from(starts: datetime, ends: datetime) -> str:
    """As `span`, and over days when the first begins: "22–23 november 2016, börjar kl. 9.00"."""
    if _date(starts) == _date(ends):
        return span(starts, ends)
    days = span(starts, ends)
    return gettext("%(days)s, börjar kl. %(clock)s", days=days, clock=clock(starts))


def number(value: float) -> str:
    """E.g. "1 800 000" with no-break spaces; decimal comma."""
    return babel.numbers.format_decimal(value, locale=_locale())


def percent(value: float) -> str:
    """A share (0–1) as "91 %" with a no-break space."""
    return f"{round(value * 100)}{NBSP}%"


def kronor(value: int) -> str:
    """E.g. "1 800 000 kronor"."""
    return f"{number(value)} {gettext('kronor')}"


def phone(value: str) -> str:
    """A telephone number as the boards write it, "010-223 60 00"; else as it was given."""
    parsed = _parse_phone(value)
    if not parsed:
        return value
    if parsed.country_code != 46:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def phone_link(value: str) -> str:
    """The address that dials the number, "tel:+46…"."""
    parsed = _parse_phone(value)
    if not parsed:
        return f"tel:{''.join(c for c in value if c.isdigit() or c == '+')}"
    return "tel:" + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _parse_phone(value: str) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(value, "SE")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None


def _date(when: datetime | date) -> date:
    return to_local(when).date() if isinstance(when, datetime) else when
