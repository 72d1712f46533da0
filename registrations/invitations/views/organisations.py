"""The register of organisations, shared by all authorities; it holds no persons."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.gate import me, staff
from accounts.rules import PLAN
from core.clock import now
from core.db import db
from core.paging import page_count
from core.reference import counties, municipality_name
from core.web import found, handle, page_number, query_text
from registrations.invitations import services
from registrations.invitations.forms import OrganisationForm
from registrations.invitations.queries import organisations as queries
from registrations.models import Organisation
from registrations.views.blueprint import bp


@bp.get("/arbeta/organisationer")
@staff(PLAN)
def organisations() -> str:
    """The register: search, county, one page at a time."""
    text, county, page = query_text("q"), request.args.get("lan", ""), page_number()
    county = county if county in counties() else ""
    rows, total = queries.listing(db.session, text=text, county=county, page=page)
    asked: dict[str, Any] = {name: value for name, value in (("q", text), ("lan", county)) if value}
    return render_template(
        "registrations/invitations/organisations.html",
        section="organisations", rows=rows, total=total, text=text, county=county,
        counties=counties(), municipality_name=municipality_name, page=page,
        pages=page_count(total, queries.PER_PAGE),
        address=lambda number: url_for("registrations.organisations", sida=number, **asked),
    )  # fmt: skip


@bp.route("/arbeta/organisationer/ny", methods=["GET", "POST"])
@staff(PLAN)
def add_organisation() -> ResponseReturnValue:
    """Add an organisation to the register."""
    form = OrganisationForm(data={"name": query_text("namn", 200)})
    del form.renamed

    def save() -> str:
        organisation = services.add_organisation(db.session, facts=form.facts(), by=me(), now=now())
        flash(_("%(name)s finns nu i registret.", name=organisation.name))
        return url_for("registrations.organisations")

    return handle(form, save, lambda: _form_page(form, None))


@bp.route("/arbeta/organisationer/<id:organisation_id>", methods=["GET", "POST"])
@staff(PLAN)
def edit_organisation(organisation_id: int) -> ResponseReturnValue:
    """Change an organisation: also for the other authorities."""
    organisation = found(queries.find_organisation(db.session, organisation_id))
    form = OrganisationForm(obj=organisation)

    def save() -> str:
        here = found(queries.find_organisation(db.session, organisation_id))
        services.change_organisation(
            db.session, here, facts=form.facts(), renamed=form.renamed.data,
            version=form.version.data, by=me(), now=now(),
        )  # fmt: skip
        flash(_("%(name)s är sparad.", name=here.name))
        return url_for("registrations.organisations")

    return handle(form, save, lambda: _form_page(form, organisation))


def _form_page(form: OrganisationForm, organisation: Organisation | None) -> str:
    return render_template(
        "registrations/invitations/organisation.html",
        section="organisations", form=form, organisation=organisation,
    )  # fmt: skip
