"""Published means frozen."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import Stale, db, write
from core.errors import Refusal
from events import services as event_services
from events.models import Event, Speaker
from events.rules import State
from events.series import services as series
from events.series.rules import SeriesKind
from minutes import pdf, queries, services
from minutes.models import Minutes, Section
from minutes.publishing import prepare
from minutes.rules import Odd
from tests.conftest import Client, forms
from tests.minutes import make
from tests.minutes.make import NOW
from tests.minutes.test_story import pdf_text
from tests.registrations import make as registrations
from tests.registrations.make_invitations import questions


def document(client: Client, event: Event) -> tuple[str, bytes]:
    page = client.get(f"/evenemang/{event.slug}/dokumentation").text
    return page, client.get(f"/evenemang/{event.slug}/dokumentation.pdf").data


def test_nothing_that_happens_later_changes_the_document(client: Client) -> None:
    event = make.with_people(make.held())
    make.published(event)
    page, file = document(client, event)
    event_id = event.id

    def change() -> None:
        found = db.session.get_one(Event, event_id)
        facts = {"title": "Ett annat namn", "venue_name": "Någon annanstans"}
        event_services.change_event(db.session, found, facts=facts, by=None, now=NOW)
        speaker = db.session.scalars(sa.select(Speaker).filter_by(name="Reem Omer")).one()
        event_services.change_speaker(
            db.session, speaker, facts={"name": "Nytt Namn"}, by=None, now=NOW
        )
        event_services.release_programme(db.session, found, by=None, now=NOW)

    write(change)
    registrations.registration(event, 99, now=make.HELD - make.FOUR_HOURS, notify=False)
    db.session.rollback()
    assert db.session.get_one(Event, event_id).title == "Ett annat namn"
    later_page, later_file = document(client, event)
    assert later_file == file
    assert later_page == page
    fresh = as_rendered_anew(client, event)
    assert fresh == page


def as_rendered_anew(client: Client, event: Event) -> str:
    """The page as a process that has not kept it renders it."""
    client.application.extensions.pop("page_cache", None)
    return client.get(f"/evenemang/{event.slug}/dokumentation").text


def test_published_minutes_cannot_be_written_in(staff: Callable[..., Client]) -> None:
    event = make.held()
    minutes = make.written(event)
    secretary = staff("secretary")
    at = f"/arbeta/evenemang/{event.id}/minnesanteckningar"
    section = f"/arbeta/minnesanteckningar/avsnitt/{make.section(minutes, 'Inledning').id}"
    item = f"/arbeta/minnesanteckningar/avsnitt/{make.section(minutes, 'Mat som mötesplats').id}"
    opened = {
        one: forms(secretary.get(one).text)[0]["fields"]
        for one in (f"{at}/huvud", section, f"{at}/avsnitt", f"{item}/ta-bort")
    }
    opened[f"{item}/flytta"] = opened[section] | {"form_key": "f" * 20, "step": "up"}
    secretary.submit(f"{at}/publicera")
    before = _frozen(event)
    for one, fields in opened.items():
        changed = {"body": "Ändrat efteråt", "chair": "Ändrad", "heading": "Ny"}
        answer = secretary.post(one, data=fields | changed)
        assert answer.status_code == 422, one
        assert "Anteckningarna är publicerade och kan inte ändras." in answer.text
    kept = secretary.post(
        section, data=opened[section] | {"body": "Min långa text", "form_key": "g" * 20}
    )
    assert forms(kept.text)[0]["fields"]["body"] == "Min långa text"
    assert _frozen(event) == before


def _frozen(event: Event) -> tuple[Any, ...]:
    minutes = make.of(event.id)
    texts = [(one.heading, one.body) for one in minutes.sections]
    return minutes.content, minutes.pdf, minutes.checksum, minutes.chair, texts


def test_publishing_twice_happens_once(staff: Callable[..., Client]) -> None:
    event = make.held()
    make.written(event)
    secretary = staff("secretary")
    at = f"/arbeta/evenemang/{event.id}/minnesanteckningar/publicera"
    fields = forms(secretary.get(at).text)[0]["fields"]
    first = secretary.post(at, data=fields)
    again = secretary.post(at, data=fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    other = secretary.post(at, data=fields | {"form_key": "z" * 20})
    assert other.status_code == 422
    assert secretary.get(at).status_code == 302


def test_only_what_was_looked_at_is_published(client: Client, staff: Callable[..., Client]) -> None:
    event = make.held()
    minutes = make.written(event)
    secretary = staff("secretary")
    at = f"/arbeta/evenemang/{event.id}/minnesanteckningar/publicera"
    fields = forms(secretary.get(at).text)[0]["fields"]
    section = make.section(minutes, "Inledning").id
    secretary.submit(f"/arbeta/minnesanteckningar/avsnitt/{section}", body="Nyss ändrat")
    for sent in (fields, fields | {"seen": ""}, {k: v for k, v in fields.items() if k != "seen"}):
        answer = secretary.post(at, data=sent)
        assert answer.status_code == 409
        assert "Nyss ändrat" in answer.text
        assert client.get(f"/evenemang/{event.slug}/dokumentation").status_code == 404
    assert secretary.post(at, data=forms(answer.text)[0]["fields"]).status_code == 303


def test_what_changes_while_the_file_is_made_stops_the_publication(app: Flask) -> None:
    event = make.with_people(make.held())
    minutes = make.written(event)
    content, file = prepare(db.session, minutes, now=NOW)
    registrations.registration(event, 50, now=make.HELD - make.FOUR_HOURS, notify=False)
    with pytest.raises(Stale):
        write(
            lambda: services.publish(
                db.session, make.again(minutes), pdf=file, content=content, by=None, now=NOW
            )
        )
    assert not make.of(event.id).is_published


@pytest.mark.parametrize("round_", range(3))
def test_a_text_saved_while_others_publish_is_in_the_document_or_refused(
    app: Flask, round_: int
) -> None:
    minutes = make.written(make.held())
    section_id = make.section(minutes, "Inledning").id
    content, file = prepare(db.session, minutes, now=NOW)
    minutes_id, barrier = make.again(minutes).id, threading.Barrier(2)
    db.session.rollback()

    def publish() -> None:
        found = db.session.get_one(Minutes, minutes_id)
        services.publish(db.session, found, pdf=file, content=content, by=None, now=NOW)

    def save() -> None:
        found = db.session.get_one(Section, section_id)
        services.save_section(db.session, found, facts={"body": "Sent"}, by=None, now=NOW)

    def run(action: Callable[[], None]) -> bool:
        with app.app_context():
            barrier.wait()
            try:
                write(action)
            except (Stale, Refusal):
                return False
            return True

    with ThreadPoolExecutor() as pool:
        published, saved = pool.map(run, (publish, save))
    assert published is not saved
    db.session.rollback()
    assert (db.session.get_one(Section, section_id).body == "Sent") is saved
    assert db.session.get_one(Minutes, minutes_id).is_published is published


def test_no_file_is_made_while_the_database_is_locked(app: Flask) -> None:
    minutes = make.written(make.held())
    content = queries.stamped(queries.document(db.session, minutes), by=None, now=NOW)
    with pytest.raises(RuntimeError):
        write(lambda: pdf.typeset(content))


def test_the_minutes_of_a_cancelled_event_are_not_published(app: Flask) -> None:
    event = make.held()
    minutes = make.written(event)
    event_id = event.id
    write(
        lambda: event_services.set_state(
            db.session, db.session.get_one(Event, event_id), State.CANCELLED, by=None, now=NOW
        )
    )
    content, file = prepare(db.session, make.of(event_id), now=NOW)
    with pytest.raises(Refusal):
        write(
            lambda: services.publish(
                db.session, make.again(minutes), pdf=file, content=content, by=None, now=NOW
            )
        )


def test_what_is_empty_or_odd_is_listed(app: Flask) -> None:
    event = make.held(case_number="abc", purpose="", contact_name="")
    minutes = make.started(event)
    odd = [one for one, _heading in queries.oddities(db.session, minutes, make.HELD)]
    assert odd == [
        Odd.NOT_OVER, Odd.UNUSUAL_CASE_NUMBER, Odd.NO_CHAIR, Odd.NO_NOTE_TAKER,
        Odd.NO_INTRODUCTION, Odd.EMPTY_SECTION, Odd.EMPTY_SECTION, Odd.NO_CONCLUSIONS,
    ]  # fmt: skip
    finished = make.written(make.held(slug="annan"))
    assert queries.oddities(db.session, finished, NOW) == []


def test_where_nobody_was_ticked_in_nothing_is_said_of_who_came(
    client: Client, staff: Callable[..., Client]
) -> None:
    event = make.with_people(make.held(), registered=2, came=0)
    make.written(event)
    review = f"/arbeta/evenemang/{event.id}/minnesanteckningar/publicera"
    secretary = staff("secretary")
    page = secretary.get(review).text
    assert "hur många som kom står inte med" in page
    assert "2 personer var anmälda." in page
    assert "0 kom" not in page
    assert secretary.submit(review).status_code == 303
    page, file = document(client, event)
    assert ">Anmälda</th>" in page
    assert ">Kom</th>" not in page
    assert "0 av 2" not in page
    assert "Anmälda efter sektor" in pdf_text(file)
    assert file.startswith(b"%PDF")


def test_an_addition_stands_under_the_text_and_the_file_is_the_same(
    client: Client, staff: Callable[..., Client]
) -> None:
    event = make.held()
    make.published(event)
    page, file = document(client, event)
    secretary = staff("secretary", name="astrid")
    at = f"/arbeta/evenemang/{event.id}/minnesanteckningar/tillagg"
    assert secretary.submit(at, body="").status_code == 422
    preview = secretary.submit(at, body="**Rättelse**", preview="1")
    assert "<strong>Rättelse</strong>" in preview.text
    assert document(client, event)[0] == page
    assert secretary.submit(at, body="**Rättelse:** <script>x</script> två.").status_code == 303
    later, same = document(client, event)
    assert same == file
    assert "<strong>Rättelse:</strong> &lt;script&gt;x&lt;/script&gt; två." in later
    assert "22 november 2026, Astrid Exempel" in later
    assert make.of(event.id).checksum in later
    assert "Rättelse" in secretary.get(at.removesuffix("/tillagg")).text


def test_a_draft_takes_no_additions(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    at = f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar"
    secretary = staff("secretary")
    assert secretary.get(f"{at}/tillagg").status_code == 302
    token = forms(secretary.get(f"{at}/huvud").text)[0]["fields"]["csrf_token"]
    form = {"csrf_token": token, "form_key": "t" * 20, "body": "Tillägg"}
    assert secretary.post(f"{at}/tillagg", data=form).status_code == 422


def test_the_draft_as_a_file_says_that_it_is_one(staff: Callable[..., Client]) -> None:
    minutes = make.written(make.held())
    file = staff("reader").get(
        f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar/utkast.pdf"
    )
    assert "Utkast 22 november 2026. Inte fastställt." in pdf_text(file.data)


def test_templates_know_whether_there_are_published_minutes(app: Flask) -> None:
    event = make.held()
    known = app.jinja_env.globals["published_minutes"]
    assert not known(event.id)
    make.written(event)
    assert not known(event.id)
    other = make.held(slug="annan")
    make.published(other)
    assert known(other.id)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("pdf", b"%PDF-falsk", "kontrollsumma"), ("content", {"title": "falsk"}, "innehållet")],
)
def test_the_check_finds_what_was_tampered_with(
    app: Flask, column: str, value: Any, said: str
) -> None:
    make.published(make.held())
    runner = app.test_cli_runner()
    assert "anteckningar" not in runner.invoke(args=["check"]).output
    write(lambda: db.session.execute(sa.update(Minutes).values({column: value})))
    result = runner.invoke(args=["check"])
    assert result.exit_code == 1
    assert said in result.output


def test_the_public_page_asks_one_question_when_it_is_kept(client: Client) -> None:
    event = make.held()
    make.published(event)
    address = f"/evenemang/{event.slug}/dokumentation"
    client.get(address)
    assert questions(lambda: client.get(address)) == 1


def test_unknown_addresses_are_not_found(client: Client) -> None:
    assert client.get("/evenemang/finns-inte/dokumentation").status_code == 404
    assert client.get("/evenemang/finns-inte/dokumentation.pdf").status_code == 404


def test_minutes_are_found_once_they_are_published(app: Flask, client: Client) -> None:
    event = make.with_people(make.held())
    minutes = make.written(event, introduction="Kommunen bjöd på **surdegsbröd**.")
    assert "Inga träffar" in client.get("/sok?q=surdegsbröd").text
    content, file = prepare(db.session, minutes, now=NOW)
    id_ = minutes.id
    write(
        lambda: services.publish(
            db.session, db.session.get_one(Minutes, id_), pdf=file, content=content, by=None,
            now=NOW,
        )
    )  # fmt: skip
    page = client.get("/sok?q=surdegsbröd").text
    document = f"/evenemang/{event.slug}/dokumentation"
    assert f'href="{document}"' in page
    assert f"http://localhost{document}</loc>" in client.get("/sitemap.xml").text
    begin_series(event)
    assert f'href="{document}"' in client.get("/serie/natverket").text.split("Har varit")[1]
    assert "bjöd på <mark>surdegsbröd</mark>." in page
    assert [line for check in app.extensions["checks"] for line in check(db.session)] == []


def begin_series(event: Event) -> None:
    id_ = event.id
    facts = {"title": "Nätverket", "kind": SeriesKind.SERIES, "text": "", "year": None}

    def begin() -> None:
        meeting = db.session.get_one(Event, id_)
        made = series.create_series(db.session, meeting.authority, facts=facts, by=None, now=NOW)
        series.join(db.session, made, meeting, by=None, now=NOW)

    write(begin)
