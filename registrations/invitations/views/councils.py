"""The public register of sakråd: page, JSON and CSV (D-05)."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request, url_for

from core.cache import answer, cached, tagged
from core.clock import now
from core.db import db
from core.i18n import language, public_url
from core.paging import page_count
from core.policy import public
from core.reference import counties
from core.web import page_number, query_text
from registrations.invitations import open_data
from registrations.invitations.queries import councils as queries
from registrations.invitations.queries.councils import Council, Wanted
from registrations.invitations.words import STATUS, said
from registrations.rules import Answer
from registrations.views.blueprint import bp

JSON_PAGE = 100
CSV_ROWS = 5000  # sakråd; a year has at most some hundreds


@bp.get("/sakrad")
@public
def councils() -> Response:
    """The register as a page."""
    wanted, page = _wanted(), page_number()
    return _answer("html", wanted, page, lambda: _html(wanted, page), "text/html; charset=utf-8")


@bp.get("/sakrad.json")
@public
def councils_json() -> Response:
    """The register as open data, a hundred at a time."""
    wanted, page = _wanted(), page_number()

    def make() -> str:
        rows, total = _listing(wanted, page, JSON_PAGE)
        pages = page_count(total, JSON_PAGE)
        following = public_url("registrations.councils_json", **_query(wanted), sida=page + 1)
        return open_data.to_json(
            rows, total=total, page=page, pages=pages, next_=following if page < pages else ""
        )

    return _answer(
        "json", wanted, page, make, "application/json", {"Access-Control-Allow-Origin": "*"}
    )


@bp.get("/sakrad.csv")
@public
def councils_csv() -> Response:
    """The register as a table, one line for each invited organisation."""
    wanted = _wanted()
    filename = {"Content-Disposition": 'attachment; filename="sakrad.csv"'}
    return _answer(
        "csv", wanted, 1, lambda: open_data.to_table(_listing(wanted, 1, CSV_ROWS)[0]),
        "text/csv; charset=utf-8", filename,
    )  # fmt: skip


def _html(wanted: Wanted, page: int) -> str:
    rows, total = _listing(wanted, page, queries.PER_PAGE)
    return render_template(
        "registrations/councils.html",
        councils=rows, total=total, wanted=wanted, page=page,
        pages=page_count(total, queries.PER_PAGE), counties=counties(),
        years=queries.years(db.session),
        council_status=STATUS, Answer=Answer, said=said, query=_query(wanted),
        address=lambda number: url_for("registrations.councils", **_query(wanted), sida=number),
    )  # fmt: skip


def _listing(wanted: Wanted, page: int, per_page: int) -> tuple[list[Council], int]:
    return queries.listing(db.session, wanted, page=page, per_page=per_page, now=now())


def _answer(
    form: str,
    wanted: Wanted,
    page: int,
    make: Callable[[], str],
    mimetype: str,
    headers: dict[str, str] | None = None,
) -> Response:
    """Kept in the process as long as nothing it shows has changed; a free search is not kept."""
    if wanted.text:
        return answer(tagged(make()), mimetype=mimetype, headers=headers)
    key = ("councils", form, language(), wanted, page, queries.stamp(db.session, now()))
    return cached(key, make, mimetype=mimetype, headers=headers)


def _wanted() -> Wanted:
    """What the address asks for; nonsense is ignored."""
    county, year = request.args.get("lan", ""), request.args.get("year", "")
    return Wanted(
        county=county if county in counties() else "",
        text=query_text("q"),
        year=int(year) if re.fullmatch(r"(19|20)[0-9]{2}", year, re.ASCII) else None,
    )


def _query(wanted: Wanted) -> dict[str, Any]:
    values = {"lan": wanted.county, "q": wanted.text, "year": wanted.year}
    return {name: value for name, value in values.items() if value}
