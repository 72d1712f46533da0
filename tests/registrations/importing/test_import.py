"""Case G4: an import takes in everybody or nobody, once, within the seats."""

import io
import threading

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry
from core.db import db, write
from core.jobs.rules import State
from core.jobs.worker import run_once
from core.outbox.models import Outbox
from core.reference import Sector
from events.models import Event
from events.rules import Mode
from registrations import services
from registrations.places.rules import Kept
from registrations.places.services import set_limits
from registrations.rules import Source, Status
from tests.conftest import NOW, open_client
from tests.killed import Workers
from tests.registrations import make
from tests.registrations.importing.make import (
    address,
    csv,
    people,
    registered,
    send,
    take_in,
    the_import,
    the_job,
    xlsx,
)
from tests.registrations.make_papers import fetch_internal


@pytest.fixture
def event(app):
    return make.conference(room=100)


@pytest.fixture
def organiser(app, staff):
    return staff("organiser")


def clean(app):
    answer = app.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_everybody_in_a_file_is_registered_as_by_hand(app, organiser, event, post, kind):
    rows = people(40)
    page = take_in(organiser, event, csv(rows) if kind == "csv" else xlsx(rows))
    assert "40 nya deltagare." in page.text
    found = registered(event.id)
    assert len(found) == 40
    one = found[7]
    assert (one.first_name, one.last_name, one.email) == ("Ada", "Berg7", "ada.berg7@example.se")
    assert (one.sector, one.municipality) == ("municipality", "0687")
    assert (one.status, one.source) == (Status.CONFIRMED, Source.IMPORT)
    listed = organiser.get(f"/arbeta/evenemang/{event.id}/deltagare?q=berg7").text
    assert "Berg7, Ada" in listed
    assert post() == []
    clean(app)
    log = db.session.query(AuditEntry).filter_by(event_id=event.id)
    assert log.filter_by(action="registration.made").count() == 40
    assert log.filter_by(action="registration.imported").one().details["new"] == 40


def test_the_link_of_an_imported_person_works(app, organiser, event, post, client):
    take_in(organiser, event, csv(people(3)), mail="y")
    letters = post()
    assert sorted(str(letter["To"]) for letter in letters) == [
        f"ada.berg{n}@example.se" for n in range(3)
    ]
    text = letters[0].get_body(("plain",)).get_content()
    link = next(word for word in text.split() if "/min-anmalan/" in word)
    assert (
        client.get(link.removeprefix("http://localhost"), follow_redirects=True).status_code == 200
    )


def test_the_second_time_nobody_is_new(app, organiser, event):
    take_in(organiser, event, csv(people(12)))
    answer = send(organiser, event, csv(people(12)))
    page = organiser.get(answer.location).text
    assert "0 nya" in page
    assert "12 finns redan" in page
    more = take_in(organiser, event, csv(people(15)))
    assert "3 nya deltagare. 12 fanns redan." in more.text
    assert len(registered(event.id)) == 15
    clean(app)


def test_with_a_fault_in_row_997_of_2000_nobody_is_taken_in(app, organiser, event):
    rows = people(2000)
    rows[996][2] = "ada.berg995"
    rows[1200][5] = "Tranos"
    page = organiser.get(send(organiser, event, csv(rows)).location).text
    assert "2 celler behöver rättas" in page
    assert "Rad 997" in page
    assert "C, E-post" in page
    assert "ada.berg995" in page
    assert "Skriv en e-postadress" in page
    assert "Rad 1201" in page
    assert "Menas Tranås?" in page
    kept = the_import()
    refused = organiser.post(
        f"{address(event)}/{kept.id}/borja",
        data={"csrf_token": token_of(page), "form_key": "k" * 30, "surplus": "refuse"},
    )
    assert refused.status_code == 422
    assert registered(event.id) == []
    rows[996][2], rows[1200][5] = "ada.berg995@example.se", "Tranås"
    write(lambda: raise_to(event.id, 2000))
    assert "2\u00a0000 nya" in take_in(organiser, event, csv(rows)).text.replace(
        "2000", "2\u00a0000"
    )
    assert len(registered(event.id)) == 2000
    clean(app)


def token_of(page):
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def raise_to(event_id, seats):
    event = db.session.get_one(Event, event_id)
    next(pool for pool in event.pools if pool.mode is Mode.ROOM).capacity = seats


def test_too_few_seats_are_told_and_nobody_is_taken_in(app, organiser, event):
    page = organiser.get(send(organiser, event, csv(people(103))).location).text
    assert "I salen: 103 – 100 platser kvar" in page
    answer = organiser.submit(send(organiser, event, csv(people(103))).location)
    assert answer.status_code == 422
    assert "Välj vad som ska hända." in answer.text
    assert the_job() is None
    assert registered(event.id) == []


def test_seats_that_go_while_the_work_waits_stop_it_all(app, organiser, event):
    location = send(organiser, event, csv(people(100))).location
    page = organiser.submit(location).location
    make.registration(event, 700)
    while run_once():
        pass
    told = organiser.get(page).text
    assert "I salen: 99 platser kvar, men filen har 100 nya." in told
    assert len(registered(event.id)) == 1
    assert the_job().state is State.FAILED
    assert "Tillbaka till listan" in told
    assert organiser.submit(location, surplus="queue").status_code == 303
    while run_once():
        pass
    waiting = [one for one in registered(event.id) if one.status is Status.WAITING]
    assert len(waiting) == 1
    clean(app)


def test_the_surplus_can_wait_in_the_order_of_the_file(app, organiser, event):
    told = take_in(organiser, event, csv(people(103)), surplus="queue").text
    assert "103 nya deltagare. 3 av dem står på reservlistan." in told
    found = registered(event.id)
    assert [one.last_name for one in found if one.status is Status.WAITING] == [
        "Berg100", "Berg101", "Berg102",
    ]  # fmt: skip
    clean(app)


def test_every_limit_of_the_event_holds_for_a_file_too(app, organiser, event):
    kept = [Kept(Mode.ROOM, Sector.MUNICIPALITY, 98)]
    write(
        lambda: set_limits(
            db.session, db.session.get_one(Event, event.id), kept=kept, most=4, rules={},
            version=None, by=None, now=NOW,
        )
    )  # fmt: skip
    rows = people(9)
    for row in rows[6:]:
        row[3], row[4], row[5] = f"Förening {row[1]}", "Civilsamhälle", ""
    page = organiser.get(send(organiser, event, csv(rows)).location).text
    assert "Platserna räcker inte: 3 får inte plats." in page
    take_in(organiser, event, csv(rows), surplus="queue")
    assert [one.last_name for one in registered(event.id) if one.status is Status.WAITING] == [
        "Berg4", "Berg7", "Berg8",
    ]  # fmt: skip
    clean(app)
    told = take_in(organiser, event, csv([*people(1), ["Bo", "Ek", "", "Tranås kommun", "", ""]]),
                   surplus="queue").text  # fmt: skip
    assert "1 av dem står på reservlistan." in told
    clean(app)


def test_somebody_who_has_cancelled_is_not_registered_again_by_a_file(app, organiser, event):
    take_in(organiser, event, csv(people(3)))
    one = registered(event.id)[1]
    write(lambda: services.cancel(db.session, db.session.merge(one), now=NOW))
    told = take_in(organiser, event, csv(people(4))).text
    assert "1 ny deltagare. 2 fanns redan. 1 har avanmält sig" in told
    assert registered(event.id)[1].status is Status.CANCELLED
    clean(app)


def test_two_organisers_at_once_make_no_doubles(app, organiser, staff, event):
    other = staff("organiser", name="annan")
    for browser, rows in ((organiser, people(60)), (other, people(60, start=20))):
        location = send(browser, event, csv(rows)).location
        assert browser.submit(location).status_code == 303

    def work():
        with app.app_context():
            while run_once():
                pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = registered(event.id)
    assert len(found) == len({one.email for one in found}) == 80
    clean(app)


def test_pressed_twice_it_is_one_job(app, organiser, event):
    location = send(organiser, event, csv(people(5))).location
    first = organiser.submit(location)
    second = organiser.submit(location)
    assert first.location == second.location
    run_once()
    again = organiser.get(location).text
    assert "Listan är inlagd." in again
    assert len(registered(event.id)) == 5


def test_the_same_person_twice_in_a_file_is_taken_in_once(app, organiser, event):
    rows = [*people(3), people(2)[2], ["ADA", "berg1", "Ada.Berg1@EXAMPLE.se", "", "", ""]]
    page = organiser.get(send(organiser, event, csv(rows)).location).text
    assert "läses en gång: rad 5, 6" in page
    assert (
        "3 nya deltagare. 2 stod två gånger i filen." in take_in(organiser, event, csv(rows)).text
    )


def test_a_protected_person_is_refused_and_not_kept(app, organiser, event):
    rows = [[*row, "ja" if n == 2 else ""] for n, row in enumerate(people(3))]
    rows[0][-1] = "Skyddad"
    page = organiser.get(send(organiser, event, csv(rows)).location).text
    assert "Rad 3" in page
    assert "lägg in personen för hand" in " ".join(page.split())
    assert "berg1@" not in page
    kept = the_import()
    assert "berg1" not in repr((kept.cells, kept.ready, kept.faults)).casefold()
    assert "berg0" in repr(kept.cells).casefold()


def test_what_somebody_eats_is_not_kept(app, organiser, event):
    rows = [[*row, "nötallergi"] for row in people(2)]
    rows[0][-1] = "Specialkost"
    send(organiser, event, csv(rows))
    assert "nötallergi" not in repr(the_import().cells)


def test_columns_can_be_chosen_anew(app, organiser, event):
    rows = [["A1", "B1", "C1"], ["Åsa Öberg", "asa@example.se", "Tranås kommun"]]
    location = send(organiser, event, csv(rows)).location
    answer = organiser.submit(location, _at=1, headings="y", column_0="", column_1="",
                              column_2="organisation")  # fmt: skip
    assert answer.status_code == 422
    assert "Välj vilken kolumn som har namnet." in answer.text
    answer = organiser.submit(location, _at=1, headings="y", column_0="name", column_1="email",
                              column_2="organisation")  # fmt: skip
    assert answer.status_code == 303, answer.text
    assert "1 ny deltagare" in organiser.get(location).text


def test_a_list_of_another_event_or_authority_is_not_found(app, organiser, staff, event):
    location = send(organiser, event, csv(people(2))).location
    other = make.conference()
    elsewhere = location.replace(f"/{event.id}/", f"/{other.id}/")
    assert organiser.get(elsewhere).status_code == 404
    assert staff("organiser", "skane").get(location).status_code == 404
    assert staff("reader").get(location).status_code == 403


def test_what_was_sent_is_gone_after_a_day_and_at_once_when_taken_in(app, organiser, event):
    take_in(organiser, event, csv(people(2)))
    assert (the_import().cells, the_import().ready) == ([], [])
    send(organiser, event, csv(people(5)))
    app.config["FAKE_NOW"] = NOW.replace(day=24)
    answer = app.test_cli_runner().invoke(args=["tidy"])
    assert "listor som inte lades in: 2 borttagna" in answer.output
    assert the_import() is None


def test_letters_go_to_everybody_once_though_the_worker_dies_between(app, organiser, event):
    rows = people(90)
    rows[5][2] = ""
    location = send(organiser, event, csv(rows)).location
    organiser.submit(location, mail="y")
    with Workers(app) as workers:
        kills = [workers.run(seconds) for seconds in (0.1, 0.2, 0.3, 60)]
    assert "killed" in kills
    assert the_job().state is State.DONE
    assert len(registered(event.id)) == 90
    receipts = db.session.scalars(sa.select(Outbox.recipient)).all()
    assert len(receipts) == len(set(receipts)) == 89


@pytest.mark.slow
def test_killed_in_the_middle_it_is_all_or_nothing_and_then_all(app, organiser, event):
    write(lambda: raise_to(event.id, 3000))
    organiser.submit(send(organiser, event, csv(people(2000))).location)
    kills = 0
    with Workers(app) as workers:
        for seconds in (0.01, 0.04, 0.08, 0.12, 0.16, 0.2):
            kills += workers.run(seconds) == "killed"
            assert len(registered(event.id)) in {0, 2000}
            assert "platser räknade" not in app.test_cli_runner().invoke(args=["check"]).output
        workers.run(60)
    assert kills >= 2
    assert len(registered(event.id)) == 2000
    assert the_job().state is State.DONE
    clean(app)


def test_a_body_above_the_limit_is_refused_and_others_keep_theirs(app, organiser, event):
    """Case U3."""
    rows = csv([["Namn", "Organisation"]] + [["Ada Berg", "x" * 900]] * 5000)
    fits = send(organiser, event, rows)
    assert fits.status_code == 303
    fits.request.input_stream.close()  # the test client leaves large bodies to the collector
    token = token_of(organiser.get(address(event)).text)
    for size, where, code in (
        (6_000_000, address(event), 413),
        (100_000_000, address(event), 413),
        (2_000_000, f"{address(event)}/{the_import().id}", 413),
    ):
        answer = organiser.post(
            where,
            data={
                "csrf_token": token,
                "form_key": "k" * 30,
                "file": (io.BytesIO(b"x" * size), "l"),
            },
        )
        assert answer.status_code == code
        assert "en lista högst 5 MB" in answer.text
        answer.request.input_stream.close()
    many = {"csrf_token": token} | {f"f{number}": "x" for number in range(1001)}
    answer = organiser.post(address(event), data=many, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert open_client(app).post(address(event), data={"x": "x"}).status_code == 403


def test_nothing_chosen_and_nothing_pasted_says_what_to_do(organiser, event):
    answer = send(organiser, event)
    assert answer.status_code == 422
    assert "Välj en fil eller klistra in en lista." in answer.text


def test_a_list_pasted_from_a_mail_is_taken_in(app, organiser, event):
    text = "Åsa Öberg, Tranås kommun, asa@example.se\n- Bo Ek, Region Skåne, bo@example.se\n\n"
    assert "2 nya deltagare." in take_in(organiser, event, text=text).text
    first, second = registered(event.id)
    assert (first.name, first.sector, first.municipality) == ("Åsa Öberg", "municipality", "0687")
    assert (second.organisation, second.sector) == ("Region Skåne", "region")
    clean(app)


def test_the_template_can_be_sent_as_it_was_fetched(organiser, event):
    for kind in ("csv", "xlsx"):
        template = organiser.get(f"{address(event)}/mall.{kind}").data
        answer = send(organiser, event, template)
        assert answer.status_code == 303
        assert [one for one in the_import().fields if not one] == []


def test_what_was_exported_is_imported_elsewhere_as_it_was(app, organiser, event):
    rows = people(3)
    rows[1][3], rows[2][3] = "=HYPERLINK(1)", "Ek & Co"
    take_in(organiser, event, csv([*rows]))
    assert registered(event.id)[0].organisation == "=HYPERLINK(1)"
    for kind in ("csv", "xlsx"):
        other = make.conference(room=50)
        exported = fetch_internal(organiser, event, kind).data
        assert exported, kind
        assert "3 nya deltagare." in take_in(organiser, other, exported).text
        before, after = registered(event.id), registered(other.id)
        for name in ("first_name", "last_name", "email", "organisation", "sector", "municipality"):
            assert [getattr(one, name) for one in before] == [getattr(one, name) for one in after]
