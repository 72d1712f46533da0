"""What the import plugs in: its work, its words, what is thrown away."""

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from accounts.jobs.rights import note_refused
from accounts.words import LOG
from core.jobs.models import Job
from core.jobs.rules import State
from core.jobs.work import Link, steps
from core.tidy import tidies
from registrations.importing import services, words


def init_app(app: Flask) -> None:
    """Plug in."""
    LOG.update(words.ACTION)
    steps(
        app,
        services.KIND,
        services.step,
        before=services.before,
        title=_l("Import av deltagare"),
        told=told,
        links=links,
        failed=note_refused,
    )
    tidies(app, "listor som inte lades in", services.tidy)
    app.jinja_env.globals["import_field_words"] = words.FIELD


def told(job: Job) -> str:
    """What came of an import, e.g. "48 nya deltagare. 2 fanns redan."."""
    came = job.outcome
    new, known, gone, double = (came.get(name, 0) for name in ("new", "known", "gone", "double"))
    sentences = [ngettext("%(num)s ny deltagare.", "%(num)s nya deltagare.", new)]
    if came.get("waiting"):
        sentences.append(_("%(n)s av dem står på reservlistan.", n=came["waiting"]))
    if known:
        sentences.append(ngettext("%(num)s fanns redan.", "%(num)s fanns redan.", known))
    if gone:
        sentences.append(
            ngettext(
                "%(num)s har avanmält sig eller fått nej, och lades inte in igen.",
                "%(num)s har avanmält sig eller fått nej, och lades inte in igen.",
                gone,
            )
        )
    if double:
        sentences.append(_("%(n)s stod två gånger i filen.", n=double))
    return " ".join(sentences)


def links(job: Job) -> list[Link]:
    """Where to go from the page of an import."""
    if job.state is State.DONE:
        return [(_("Alla deltagare"), url_for("registrations.participants", event_id=job.event_id))]
    if job.state is State.FAILED:
        back = url_for(
            "registrations.import_check", event_id=job.event_id, import_id=job.payload["import"]
        )
        return [(_("Tillbaka till listan"), back)]
    return []
