"""Writing in one section at a time; two people who write in the same one are both heard."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import MINUTES
from core.clock import now
from core.db import db
from core.web import act, found, handle
from events.models import Event
from events.queries.manage import find_event
from minutes import queries, services
from minutes.comparing import side_by_side
from minutes.forms import BodyForm, NewSectionForm, RemoveForm, SectionForm
from minutes.models import Section
from minutes.rules import Part
from minutes.views.blueprint import bp
from minutes.views.manage.draft import AT
from minutes.words import HINT

SECTION = "/arbeta/minnesanteckningar/avsnitt/<id:section_id>"
TEXTS = ("heading", "speakers", "body")


def address(section: Section) -> str:
    """Where a section stands in the draft."""
    event_id = section.minutes.event_id
    return url_for("minutes.edit", event_id=event_id, _anchor=f"avsnitt-{section.id}")


@bp.route(SECTION, methods=["GET", "POST"])
@staff(MINUTES, section=queries.find_section)
def section(section: Section) -> ResponseReturnValue:
    """Write in a section, look at it, save it, go on to the next one."""
    form = SectionForm(obj=section) if section.is_movable else BodyForm(obj=section)
    form.body.description = HINT[section.part]

    def save() -> str:
        facts = {name: form[name].data for name in TEXTS if name in form}
        services.save_section(
            db.session, section, facts=facts, version=form.version.data, by=me(), now=now()
        )
        _before, after = queries.place_of(section.minutes.sections, section)
        flash(_("”%(heading)s” är sparat.", heading=section.heading))
        if after and "next" in request.form:
            return url_for("minutes.section", section_id=after.id)
        return address(section)

    def show(preview: bool = False) -> str:
        before, after = queries.place_of(section.minutes.sections, section)
        return render_template(
            "minutes/section.html",
            event=section.minutes.event,
            chapter=section,
            form=form,
            before=before,
            after=after,
            preview=preview,
        )

    def conflict() -> str:
        form.version.data = section.version
        return render_template(
            "minutes/conflict.html",
            event=section.minutes.event,
            chapter=section,
            form=form,
            compared=[
                (form[name].label.text, side_by_side(getattr(section, name), form[name].data))
                for name in TEXTS
                if name in form
            ],
        )

    if "preview" in request.form and form.validate():
        return show(preview=True)
    return handle(form, save, show, conflict)


@bp.route(f"{AT}/avsnitt", methods=["GET", "POST"])
@staff(MINUTES, event=find_event)
def add_section(event: Event) -> ResponseReturnValue:
    """Add a section after the last one."""
    minutes = found(queries.of_event(db.session, event.id))
    form = NewSectionForm()
    form.body.description = HINT[Part.ITEM]

    def add() -> str:
        facts = {name: form[name].data for name in TEXTS}
        section = services.add_section(db.session, minutes, facts=facts, by=me(), now=now())
        flash(_("”%(heading)s” är tillagt.", heading=section.heading))
        return address(section)

    def show(preview: bool = False) -> str:
        return render_template(
            "minutes/section.html", event=event, chapter=None, form=form, preview=preview
        )

    if "preview" in request.form and form.validate():
        return show(preview=True)
    return handle(form, add, show)


@bp.post(f"{SECTION}/flytta")
@staff(MINUTES, section=queries.find_section)
def move_section(section: Section) -> ResponseReturnValue:
    """Move a section one step."""
    up = request.form.get("step") == "up"

    def move() -> str:
        services.move_section(db.session, section, up=up, by=me(), now=now())
        return address(section)

    return act(move)


@bp.route(f"{SECTION}/ta-bort", methods=["GET", "POST"])
@staff(MINUTES, section=queries.find_section)
def remove_section(section: Section) -> ResponseReturnValue:
    """Ask whether the section is to go, and remove it."""
    form = RemoveForm(obj=section)
    event = section.minutes.event

    def remove() -> str:
        heading = section.heading
        services.remove_section(db.session, section, version=form.version.data, by=me(), now=now())
        flash(_("”%(heading)s” är borttaget.", heading=heading))
        return url_for("minutes.edit", event_id=event.id)

    def show(saved: bool = False) -> str:
        if saved:
            form.version.data = section.version
        return render_template(
            "minutes/remove.html", event=event, chapter=section, form=form, saved=saved
        )

    return handle(form, remove, show, lambda: show(saved=True))
