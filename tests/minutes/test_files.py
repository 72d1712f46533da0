"""The documentation of what has been shows the files that everybody may have."""

import io

from core.db import db, write
from events.attachments import services
from events.attachments.models import Attachment
from events.attachments.receiving import receive
from events.attachments.rules import Access, Visibility
from events.models import Event
from tests.events.make_files import PDF
from tests.minutes import make


def test_what_is_attached_afterwards_is_in_the_documentation_at_once(app, client):
    event = make.held()
    make.published(event)
    event_id, address = event.id, f"/evenemang/{event.slug}/dokumentation"
    before = client.get(address)
    assert "Handlingar" not in before.text
    for title, visibility in (("Bilder <1>", Visibility.PUBLIC), ("Internt", Visibility.STAFF)):
        received = receive(io.BytesIO(PDF), "bilder.pdf", whose="prov", now=make.SOON)
        facts = services.Facts(title, visibility, access=Access.ACCESSIBLE)

        def attach(received=received, facts=facts):
            inside = db.session.get_one(Event, event_id)
            return services.attach(
                db.session, inside, received, facts=facts, by=None, now=make.SOON
            ).id

        made = write(attach)
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Bilder &lt;1&gt;</a>" in after.text
    assert "Internt" not in after.text
    write(lambda: services.change(
        db.session, db.session.get_one(Attachment, made), by=None, now=make.SOON,
        facts=services.Facts("Internt", Visibility.PUBLIC, access=Access.ACCESSIBLE),
    ))  # fmt: skip
    assert "Internt</a>" in client.get(address).text
