"""The list of participants: search, filters, columns, and what to do with a selection."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.gate import me, staff
from accounts.rules import PEOPLE
from core.db import db
from core.reference import SECTOR_WORDS, counties, county_of
from core.web import handle
from events.models import Event
from events.queries.manage import find_event
from events.words import MODE
from registrations.protection import shown
from registrations.queries import lists
from registrations.queries.figures import figures
from registrations.roster import queries, services
from registrations.roster.forms import ColumnsForm
from registrations.roster.words import COLUMN
from registrations.views.asked import SORTS, Choices, filter_query, wanted_of
from registrations.views.blueprint import bp
from registrations.words import CAME_WITHOUT_SEAT, ROLE_KIND, SOURCE, STATUS

PATH = "/arbeta/evenemang/<id:event_id>/deltagare"
ORDERS = {value: name for name, value in SORTS.items()}


@bp.get(PATH)
@staff(PEOPLE, event=find_event)
def participants(event: Event) -> str:
    """Who is registered: numbers, search, filters, one page of rows."""
    return _page(event, None)


@bp.route(f"{PATH}/kolumner", methods=["GET", "POST"])
@staff(PEOPLE, event=find_event)
def participant_columns(event: Event) -> ResponseReturnValue:
    """Choose which columns one wants to see; remembered for all lists."""
    form = ColumnsForm(data={"columns": queries.columns_of(db.session, me().id)})

    def choose() -> str:
        services.choose_columns(db.session, me(), form.columns.data or [])
        flash(_("Listan visar de kolumner du valde, här och på andra evenemang."))
        return _address(event, {})

    return handle(form, choose, lambda: _page(event, form))


def _page(event: Event, form: ColumnsForm | None) -> str:
    wanted, choices = wanted_of(event, request.args)
    columns = queries.columns_of(db.session, me().id)
    found = lists.listing(
        db.session, event.id, wanted, with_choices=any(column == "choices" for column in columns)
    )
    query = filter_query(wanted)
    order = {"sortera": _order(wanted)} if _order(wanted) != "namn" else {}
    openly = wanted.openly
    return render_template(
        "registrations/roster/list.html",
        event=event,
        tab="participants",
        figures=figures(db.session, event.id),
        wanted=wanted,
        order=_order(wanted),
        query=query,
        chips=_chips(event, wanted, choices),
        choices=choices,
        counties=counties(),
        county_of=county_of,
        found=found,
        people=[(row, shown(row.registration, openly=openly)) for row in found.rows],
        columns=columns,
        sortable={"organisation": "organisation", "time": "tid"},
        columns_form=form or ColumnsForm(data={"columns": columns}),
        choosing=form is not None,
        words=_words(),
        here=_address(event, {}),
        page_address=lambda page: _address(event, query | order | {"sida": page}),
        sort_address=lambda name: _address(event, query | {"sortera": _turned(name, wanted)}),
        filter_address=lambda **values: _address(event, values),
    )


def _words() -> dict[str, Any]:
    """The words of every enum in the rows, looked up once and not once for each row."""
    known: dict[str, dict[Any, Any]] = {
        "column": COLUMN, "status": STATUS, "mode": MODE, "sector": SECTOR_WORDS,
        "role": ROLE_KIND, "source": SOURCE,
    }  # fmt: skip
    found: dict[str, Any] = {
        name: {value.value: str(word) for value, word in words.items()}
        for name, words in known.items()
    }
    return found | {"unseated": str(CAME_WITHOUT_SEAT)}


def _chips(event: Event, wanted: lists.Wanted, choices: Choices) -> list[tuple[str, str]]:
    """The filters that are on, in words, each with the address of the list without it."""
    titles = {id_: title for items in choices.values() for id_, title in items}
    said = {
        "q": f"”{wanted.text}”",
        "status": wanted.status and STATUS[wanted.status],
        "deltar": wanted.mode and MODE[wanted.mode],
        "sektor": wanted.sector and SECTOR_WORDS[wanted.sector],
        "lan": wanted.county and counties()[wanted.county].name,
        "val": titles.get(wanted.item or 0) or _("Inget val %(group)s", group=wanted.unchosen),
        "kom": _("Har kommit") if wanted.came else _("Har inte kommit"),
        "vald": ngettext("%(num)s kryssad", "%(num)s kryssade", len(wanted.ids)),
    }
    query = filter_query(wanted)
    return [
        (str(said[name]), _address(event, {k: v for k, v in query.items() if k != name}))
        for name in query
    ]


def _order(wanted: lists.Wanted) -> str:
    return f"{'-' if wanted.descending else ''}{ORDERS[wanted.sort]}"


def _turned(name: str, wanted: lists.Wanted) -> str:
    """The sort key of a heading: pressed again, the order is turned."""
    return f"-{name}" if SORTS[name] == wanted.sort and not wanted.descending else name


def _address(event: Event, values: dict[str, Any]) -> str:
    return url_for("registrations.participants", event_id=event.id, **values)
