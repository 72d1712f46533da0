"""The draft as a whole: begin it, read it, change its head."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import may, me, staff
from accounts.rules import MINUTES, PEOPLE
from core.clock import now, to_local
from core.db import db
from core.web import act, download, found, handle
from events.models import Event
from events.queries.manage import find_event
from minutes import pdf, queries, services
from minutes.forms import HeadForm
from minutes.rules import MOST_SECTIONS
from minutes.views.blueprint import bp
from minutes.views.reading import reading

AT = "/arbeta/evenemang/<id:event_id>/minnesanteckningar"


@bp.get(AT)
@staff(PEOPLE, event=find_event)
def edit(event: Event) -> str:
    """Where the minutes of an event stand: not begun, a draft to write in, or published."""
    minutes = queries.of_event(db.session, event.id)
    writes = may(MINUTES, event.authority_id)
    if minutes is None:
        return render_template("minutes/begin.html", event=event, writes=writes)
    if minutes.is_published:
        return render_template(
            "minutes/published.html",
            event=event,
            minutes=minutes,
            writes=writes,
            addenda=queries.addenda(db.session, minutes.id),
            **reading(queries.frozen(db.session, minutes.id)),
        )
    return render_template(
        "minutes/edit.html",
        event=event,
        minutes=minutes,
        writes=writes,
        items=queries.items_of(minutes),
        most=MOST_SECTIONS,
        **reading(queries.document(db.session, minutes)),
    )


@bp.post(f"{AT}/borja")
@staff(MINUTES, event=find_event)
def begin(event: Event) -> ResponseReturnValue:
    """Make the first draft from the programme."""

    def start() -> str:
        services.start(db.session, event, by=me(), now=now())
        flash(_("Anteckningarna är påbörjade. Huvudet och rubrikerna är hämtade ur programmet."))
        return url_for("minutes.edit", event_id=event.id)

    return act(start)


@bp.route(f"{AT}/huvud", methods=["GET", "POST"])
@staff(MINUTES, event=find_event)
def head(event: Event) -> ResponseReturnValue:
    """Change case number, place, chair and note taker."""
    minutes = found(queries.of_event(db.session, event.id))
    form = HeadForm(obj=minutes)

    def save() -> str:
        facts = {name: form[name].data for name in services.HEAD}
        services.save(
            db.session, minutes, facts=facts, version=form.version.data, by=me(), now=now()
        )
        flash(_("Uppgifterna är sparade."))
        return url_for("minutes.edit", event_id=event.id)

    def show(saved: bool = False) -> str:
        if saved:
            form.version.data = minutes.version
        return render_template(
            "minutes/head.html", event=event, minutes=minutes, form=form, saved=saved
        )

    return handle(form, save, show, lambda: show(saved=True))


@bp.get(f"{AT}/utkast.pdf")
@staff(PEOPLE, event=find_event)
def draft_pdf(event: Event) -> ResponseReturnValue:
    """The draft as a file to send round; says on its first page that it is a draft."""
    minutes = found(queries.of_event(db.session, event.id))
    if minutes.is_published:
        return redirect(url_for("minutes.document_pdf", slug=event.slug))
    content, name = queries.document(db.session, minutes), f"utkast-{event.slug}.pdf"
    db.session.rollback()  # the typesetting takes its time; no connection waits for it
    return _file(pdf.typeset(content, draft_of=to_local(now()).date()), name)


def _file(body: bytes, name: str) -> Response:
    return download(body, filename=name, mimetype="application/pdf", inline=True)
