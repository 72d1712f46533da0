"""What everybody reads: only what was frozen, and what was added to it later."""

from flask import Response, render_template, request

from core.cache import cached
from core.db import db
from core.i18n import language
from core.policy import public
from core.web import download, found
from minutes import queries
from minutes.views.blueprint import bp
from minutes.views.reading import reading


@bp.get("/evenemang/<slug:slug>/dokumentation")
@public
def document(slug: str) -> Response:
    """The published minutes of an event."""
    glance = found(queries.glance(db.session, slug))

    def page() -> str:
        return render_template(
            "minutes/document.html",
            slug=slug,
            glance=glance,
            checksum=glance.checksum,
            addenda=queries.addenda(db.session, glance.id),
            **reading(queries.frozen(db.session, glance.id)),
        )

    return cached(("minutes", language(), slug, glance), page)


@bp.get("/evenemang/<slug:slug>/dokumentation.pdf")
@public
def document_pdf(slug: str) -> Response:
    """The file with the published checksum, byte for byte."""
    glance = found(queries.glance(db.session, slug))
    if request.if_none_match.contains_weak(glance.checksum):
        response = Response(status=304)
    else:
        response = download(
            queries.file(db.session, glance.id),
            filename=f"dokumentation-{slug}.pdf",
            mimetype="application/pdf",
            inline=True,
        )
    response.set_etag(glance.checksum)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
