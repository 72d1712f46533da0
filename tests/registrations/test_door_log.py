"""The door's log: presses that come late or again, who left, items, corrections, the guard."""

import re
import threading
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry, User
from core.db import db, write
from core.errors import Refusal
from events import services as event_services
from events.models import Event, ProgrammeItem
from events.rules import Mode, State
from registrations.door import queries
from registrations.door.queries import Post
from registrations.door.rules import Stay, in_part, pressed_at, stays
from registrations.door.services import correct, tick
from registrations.door_code import door_code
from registrations.models import CheckIn, Registration
from registrations.queries.figures import figures
from registrations.queries.lists import Wanted, listing
from registrations.rules import Tick
from tests import world
from tests.conftest import open_client
from tests.events.make import NOW
from tests.registrations import make
from tests.registrations.make_lists import come, statements, url

IN, OUT, UNDO = Tick.IN, Tick.OUT, Tick.UNDO
HOUR = timedelta(hours=1)


@pytest.fixture
def event(app):
    """A conference that began an hour ago, with two people."""
    event = make.conference(starts=NOW - HOUR, ends=NOW + 6 * HOUR, registration_closes=NOW)
    make.registration(event, 1, first_name="Åsa", last_name="Öberg", organisation="Tranås kommun",
                      source=make.Source.STAFF)  # fmt: skip
    make.registration(event, 2, first_name="Per", last_name="Lund", source=make.Source.STAFF)
    return event


def person(event, last="Öberg"):
    return db.session.query(Registration).filter_by(event_id=event.id, last_name=last).one()


def lines(event):
    """What the log holds, oldest first: the tick, and the item if it was at one."""
    db.session.rollback()
    found = db.session.query(CheckIn).filter_by(event_id=event.id).order_by(CheckIn.id)
    return [line.tick.value + (f"@{line.item.title}" if line.item else "") for line in found]


def send(app, browser, event, whom, tick="in", nonce="", **more):
    """A press as the page's script sends it."""
    with app.app_context():
        told = browser.get(url(event, "dorren/antal.json")).json
    data = {"csrf_token": told["token"], "nonce": nonce or str(uuid.uuid4()), "tick": tick,
            "registration": whom.id, "who": told["who"], "waited": 0}  # fmt: skip
    return browser.post(url(event, "dorren/rad"), data=data | more)


def put_right(who, *, came=None, left=None, reason="Satt med i panelen", item=None, n="n"):
    who_id, item_id = who.id, item.id if item else None
    by = world.user("organiser.jonkoping@example.se").id

    def action():
        session = db.session
        correct(
            session, session.get_one(Registration, who_id), came=came, left=left, reason=reason,
            nonce=f"{n}{who_id}", by=session.get_one(User, by), now=NOW,
            item=session.get_one(ProgrammeItem, item_id) if item_id else None,
        )  # fmt: skip

    write(action)


def test_the_same_press_five_times_is_one_line(app, event, staff):
    browser, who, nonce = staff("check-in"), person(event), str(uuid.uuid4())
    answers = [send(app, browser, event, who, nonce=nonce).json for _ in range(5)]
    assert lines(event) == ["in"]
    assert {answer["line"] for answer in answers} == {answers[0]["line"]}
    assert {answer["sentence"] for answer in answers} == {"Åsa Öberg är avprickad."}


def test_the_same_press_five_times_at_once_is_one_line(app, event, staff):
    browser, who, nonce = staff("check-in"), person(event), str(uuid.uuid4())
    told = browser.get(url(event, "dorren/antal.json")).json
    data = {"csrf_token": told["token"], "nonce": nonce, "tick": "in", "registration": who.id,
            "who": told["who"]}  # fmt: skip
    cookies = [browser.get_cookie(name) for name in ("samling", "visitor")]
    address, codes = url(event, "dorren/rad"), []

    def press():
        own = open_client(app)
        for cookie in cookies:
            own.set_cookie(cookie.key, cookie.value)
        with app.app_context():
            codes.append(own.post(address, data=data).status_code)
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 5
    assert lines(event) == ["in"]


def test_a_press_that_is_sent_again_after_a_colleagues_undo_changes_nothing(app, event, staff):
    browser, who, nonce = staff("check-in"), person(event), str(uuid.uuid4())
    send(app, browser, event, who, nonce=nonce)
    send(app, staff("check-in", name="ove"), event, who, "undo")
    assert send(app, browser, event, who, nonce=nonce).status_code == 200
    assert lines(event) == ["in", "undo"]


def test_many_who_tick_one_person_at_the_same_moment_write_one_line(app, event):
    who_id, ready = person(event).id, threading.Barrier(6)
    db.session.rollback()

    def press(number):
        with app.app_context():
            ready.wait()
            write(
                lambda: tick(
                    db.session, db.session.get_one(Registration, who_id), tick=IN,
                    nonce=f"own-{number}", by=None, now=NOW,
                )
            )  # fmt: skip
            db.session.remove()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lines(event) == ["in"]


def test_the_second_press_on_somebody_says_who_ticked_and_when(app, event, staff):
    who = person(event)
    send(app, staff("check-in", name="mona"), event, who)
    answer = send(app, staff("check-in", name="ove"), event, who)
    assert answer.json["sentence"] == "Åsa Öberg är redan avprickad 10.00 av Mona Exempel."
    assert answer.json["new"] is False
    assert lines(event) == ["in"]


def test_a_press_that_waited_is_written_when_it_was_pressed(app, event, staff):
    send(app, staff("check-in"), event, person(event), waited=20 * 60 * 1000)
    line = db.session.query(CheckIn).one()
    assert (line.at, line.written) == (NOW - timedelta(minutes=20), NOW)
    assert pressed_at(NOW, timedelta(days=30)) == NOW - timedelta(hours=12)
    assert pressed_at(NOW, timedelta(seconds=-5)) == NOW


def test_a_queue_that_comes_in_its_order_ends_as_it_was_pressed(app, event, staff):
    browser, who, other = staff("check-in"), person(event), person(event, "Lund")
    for whom, which in ((who, "in"), (other, "in"), (who, "undo")):
        assert send(app, browser, event, whom, which, waited=60000).status_code == 200
    assert lines(event) == ["in", "in", "undo"]
    assert queries.counts(db.session, Post(event.id)).came == 1


def test_a_press_of_somebody_elses_page_waits_for_its_owner(app, event, staff):
    mona, ove = staff("check-in", name="mona"), staff("check-in", name="ove")
    hers = mona.get(url(event, "dorren/antal.json")).json["who"]
    answer = send(app, ove, event, person(event), who=hers)
    assert (answer.status_code, answer.json) == (409, {"who": "Ove Exempel"})
    assert lines(event) == []


@pytest.mark.parametrize(
    "wrong",
    [{"nonce": "x"}, {"nonce": "A" * 36}, {"tick": "out of"}, {"registration": "0"},
     {"registration": "1e3"}, {"who": "me"}, {"waited": "-1"}, {"punkt": "x"}],
)  # fmt: skip
def test_a_press_that_is_none_of_ours_is_refused(app, event, staff, wrong):
    assert send(app, staff("check-in"), event, person(event), **wrong).status_code == 400
    assert lines(event) == []


def test_a_press_for_somebody_of_another_event_finds_nobody(app, event, staff):
    stranger = make.registration(make.conference(), 9)
    browser = staff("check-in")
    assert send(app, browser, event, stranger).status_code == 404
    assert send(app, browser, event, person(event), punkt=99).status_code == 404


def test_what_cannot_be_done_is_answered_with_a_sentence(app, event, staff):
    answer = send(app, staff("check-in"), event, person(event), "out")
    assert answer.status_code == 422
    assert answer.json == {"sentence": "Åsa Öberg är inte avprickad."}


def test_the_page_is_told_what_colleagues_tick_and_who_is_new(app, event, staff):
    browser = staff("check-in")
    everybody = browser.get(url(event, "dorren/alla.json")).json
    assert [row[1] for row in everybody["people"]] == ["Lund, Per", "Öberg, Åsa"]
    assert everybody["people"][1][5] == door_code(person(event))
    come(person(event))
    make.registration(event, 3, last_name="Ny", source=make.Source.STAFF, now=NOW + HOUR)
    told = browser.get(url(event, f"dorren/antal.json?efter={everybody['line']}")).json
    assert [line[:4] for line in told["lines"]] == [[person(event).id, "in", "10.00", "tjänsten"]]
    assert told["changed"] != everybody["changed"]
    since = told["changed"].replace("+", "%2B")
    new = browser.get(url(event, f"dorren/alla.json?sedan={since}")).json
    assert [row[1] for row in new["people"]] == ["Ny, Ada"]
    assert browser.get(url(event, "dorren/alla.json?sedan=igår")).status_code == 400


def test_the_protected_are_in_the_memory_of_a_page_by_their_number_only(event, staff):
    hidden = make.registration(event, 4, first_name="Hemliga", last_name="Namnet", protected=True,
                               organisation="Okända", source=make.Source.STAFF)  # fmt: skip
    text = staff("check-in").get(url(event, "dorren/alla.json")).text
    assert f"Skyddad deltagare {hidden.id}" in text
    for word in ("Hemliga", "Namnet", "Ok\\u00e4nda", "Okända", "ada.berg4"):
        assert word not in text


def test_a_code_finds_its_bearer_also_without_scripts(event, staff):
    page = staff("check-in").get(url(event, f"dorren?q={door_code(person(event))}")).text
    assert "Öberg, Åsa" in page
    assert not re.search(r"\bLund\b", page)  # not by chance in a key


def test_who_left_has_come_all_the_same(event, staff):
    who = person(event)
    come(who)
    come(who, which=OUT)
    counts = queries.counts(db.session, Post(event.id))
    assert (counts.came, counts.left, figures(db.session, event.id).came) == (1, 1, 1)
    assert listing(db.session, event.id, Wanted(came=True)).total == 1
    browser = staff("check-in")
    page = browser.get(url(event, "dorren?q=öberg")).text
    assert "Gick 10.00" in page
    assert "Kom tillbaka" in page
    assert "har gått" in browser.get(url(event, "dorren")).text


def test_coming_back_and_being_undone_are_told_apart(event):
    who = person(event)
    for which in (IN, OUT, IN):
        come(who, nonce=f"{which}{len(lines(event))}", which=which)
    visitor = queries.visitor(db.session, person(event))
    assert visitor.is_here
    come(who, nonce="mistake", which=UNDO)
    assert queries.visitor(db.session, person(event)).came is None
    come(who, nonce="again", which=IN)
    assert queries.visitor(db.session, person(event)).is_here
    assert lines(event) == ["in", "out", "in", "undo", "in"]


def test_when_somebody_was_there_is_read_out_of_the_lines():
    at = [NOW + HOUR * n for n in range(5)]
    assert stays([(IN, at[0])]) == [Stay(at[0])]
    assert stays([(IN, at[0]), (OUT, at[1]), (IN, at[3])]) == [Stay(at[0], at[1]), Stay(at[3])]
    assert stays([(IN, at[0]), (UNDO, at[1]), (IN, at[2])]) == [Stay(at[2])]
    moment = at[1] + timedelta(seconds=30)
    assert stays([(IN, at[0]), (OUT, at[1]), (IN, moment)]) == [Stay(at[0])]
    starts, ends = at[0], at[4]
    assert not in_part([Stay(at[0])], starts, ends)
    assert not in_part([Stay(at[0], ends)], starts, ends)
    assert in_part([Stay(at[2])], starts, ends)
    assert in_part([Stay(at[0], at[2])], starts, ends)
    assert in_part([Stay(at[0], at[1]), Stay(at[2])], starts, ends)
    assert not in_part([], starts, ends)


@pytest.fixture
def seminars(event):
    return make.parallel(event, seats=(1, 20))


def test_a_seminar_shows_who_has_chosen_it_and_lets_others_in_with_one_more_press(
    event, seminars, staff
):
    chosen = make.registration(event, 5, last_name="Vald", choices=(seminars[0].id,),
                               source=make.Source.STAFF)  # fmt: skip
    browser, door = staff("check-in"), f"dorren?punkt={seminars[0].id}&q="
    page = browser.get(url(event, door + "vald")).text.partition("<template")[0]
    assert "Har inte valt punkten" not in page
    page = browser.get(url(event, door + "öberg")).text.partition("<template")[0]
    assert "Har inte valt punkten" in page
    assert "<summary>Släpp in ändå" in page
    shares = queries.item_counts(db.session, event.id)
    assert shares == {seminars[0].id: (0, 1)}
    answer = browser.submit(url(event, door + "vald"))
    assert answer.status_code == 303
    assert f"punkt={seminars[0].id}" in answer.headers["Location"]
    assert lines(event) == [f"in@{seminars[0].title}", "in"]
    assert queries.item_counts(db.session, event.id) == {seminars[0].id: (1, 1)}
    post = Post(event.id, db.session.get(ProgrammeItem, seminars[0].id))
    counts = queries.counts(db.session, post)
    assert (counts.came, counts.expected) == (1, 1)
    assert queries.visitor(db.session, make.again(chosen)).is_here


def test_an_undo_at_a_seminar_takes_back_what_its_press_wrote_and_no_more(
    app, event, seminars, staff
):
    browser, who, other = staff("check-in"), person(event), person(event, "Lund")
    come(other)
    for whom in (who, other):
        send(app, browser, event, whom, punkt=seminars[1].id)
        send(app, browser, event, whom, "undo", punkt=seminars[1].id)
    assert queries.visitor(db.session, person(event)).came is None
    assert queries.visitor(db.session, person(event, "Lund")).is_here
    title = seminars[1].title
    assert lines(event) == ["in", f"in@{title}", "in", f"undo@{title}", "undo",
                            f"in@{title}", f"undo@{title}"]  # fmt: skip


def test_a_walk_in_at_a_seminar_comes_to_both(event, seminars, staff):
    answer = staff("check-in").submit(
        url(event, f"dorren/ny?punkt={seminars[1].id}"), first_name="Ola", last_name="Ny",
        sector="other", mode=Mode.ROOM.value,
    )  # fmt: skip
    assert f"punkt={seminars[1].id}" in answer.headers["Location"]
    assert lines(event) == [f"in@{seminars[1].title}", "in"]


def test_an_item_where_people_were_ticked_stays_in_the_programme(event, seminars):
    who_id, item_id = person(event).id, seminars[1].id

    def at_item():
        tick(
            db.session, db.session.get_one(Registration, who_id), tick=IN, nonce="x", by=None,
            now=NOW, item=db.session.get_one(ProgrammeItem, item_id),
        )  # fmt: skip

    write(at_item)
    with pytest.raises(Refusal, match="kan inte tas bort"):
        write(
            lambda: event_services.remove_item(
                db.session, db.session.get_one(ProgrammeItem, item_id), by=None, now=NOW
            )
        )
    assert db.session.get(ProgrammeItem, item_id) is not None


@pytest.mark.parametrize("what", ["UPDATE check_in SET tick = 'undo'", "DELETE FROM check_in",
                                  "UPDATE check_in SET at = written"])  # fmt: skip
def test_the_database_refuses_to_rewrite_the_log(app, event, what):
    come(person(event))
    before = world.checksum(app)["check_in"]
    with pytest.raises(sa.exc.DBAPIError, match="the log is only added to"):
        write(lambda: db.session.execute(sa.text(what)))
    assert world.checksum(app)["check_in"] == before


def test_a_log_without_its_guard_is_a_breach(app, event, database_url):
    sqlite = database_url.startswith("sqlite")
    on = "" if sqlite else " ON check_in"
    runner = app.test_cli_runner()
    assert "spärren" not in runner.invoke(args=["check"]).output
    kept = "SELECT sql FROM sqlite_master WHERE name = 'check_in_never_deleted'"
    again = (
        db.session.scalar(sa.text(kept))
        if sqlite
        else "CREATE TRIGGER check_in_never_deleted BEFORE DELETE ON check_in "
        "FOR EACH ROW EXECUTE FUNCTION check_in_only_added()"
    )
    db.session.rollback()
    write(lambda: db.session.execute(sa.text(f"DROP TRIGGER check_in_never_deleted{on}")))
    result = runner.invoke(args=["check"])
    write(lambda: db.session.execute(sa.text(again)))
    assert result.exit_code == 1
    assert "spärren check_in_never_deleted saknas" in result.output


def test_somebody_the_door_missed_came_by_a_correction_with_its_reason(event, staff):
    browser = staff("organiser")
    page = url(event, f"deltagare/{person(event).id}/narvaro")
    answer = browser.submit(page, what="came", came="2026-11-22T09:30", left="2026-11-22T12:00",
                            reason="Satt med i panelen")  # fmt: skip
    assert answer.status_code == 303
    told = browser.get(answer.headers["Location"]).text
    assert "09.30–12.00" in told
    assert "närvarande en del av dagen" in told
    assert "Rättat för hand" in told
    assert "Satt med i panelen" in told
    assert figures(db.session, event.id).came == 1
    assert lines(event) == ["in", "out"]


def test_a_tick_by_mistake_is_voided_and_stands(event, staff):
    browser = staff("organiser")
    come(person(event))
    page = url(event, f"deltagare/{person(event).id}/narvaro")
    answer = browser.submit(page, what="absent", reason="Det var hennes namne")
    told = browser.get(answer.headers["Location"]).text
    assert "Har inte kommit, enligt dörren." in told
    assert "Det som stod gäller inte: Det var hennes namne" in told
    assert lines(event) == ["in", "undo"]
    assert figures(db.session, event.id).came == 0
    entry = db.session.query(AuditEntry).filter_by(action="door.corrected.undo").one()
    assert entry.details["reason"] == "Det var hennes namne"


def test_a_correction_that_makes_no_sense_keeps_what_was_typed(event, staff):
    browser = staff("organiser")
    page = url(event, f"deltagare/{person(event).id}/narvaro")
    for wrong, sentence in [
        ({"what": "came", "reason": ""}, "Skriv hur du vet det"),
        ({"reason": "Sågs i salen"}, "Välj om personen var där"),
        ({"what": "absent", "reason": "Sågs aldrig"}, "inget att rätta"),
        ({"what": "came", "came": "2026-11-22T12:00", "left": "2026-11-22T10:00",
          "reason": "Sågs i salen"}, "Skriv en tid efter"),
        ({"what": "came", "came": "i morse", "reason": "Sågs i salen"}, "class=\"error\""),
    ]:  # fmt: skip
        answer = browser.submit(page, **wrong)
        assert answer.status_code == 422, wrong
        assert sentence in answer.text
    assert "Sågs i salen" in answer.text
    assert lines(event) == []


def test_a_correction_before_the_event_is_refused(app, staff):
    event = make.conference()
    who = make.registration(event, 1, last_name="Öberg")
    answer = staff("organiser").submit(
        url(event, f"deltagare/{who.id}/narvaro"), what="came", reason="Vet redan"
    )
    assert answer.status_code == 422
    assert "när evenemanget har börjat" in answer.text


def test_a_press_that_waited_does_not_overrule_a_correction(app, event, staff):
    staff("organiser")
    browser, who = staff("check-in"), person(event)
    come(who)
    put_right(who, reason="Var sjuk")
    late = send(app, browser, event, who, waited=30 * 60 * 1000)
    assert "rättad för hand av Organiser Exempel" in late.json["sentence"]
    assert queries.visitor(db.session, person(event)).came is None
    assert send(app, browser, event, who).json["new"] is True
    assert lines(event) == ["in", "undo", "in"]


def test_a_correction_at_a_seminar_says_that_the_person_came(event, seminars, staff):
    staff("organiser")
    put_right(person(event), came=NOW, item=seminars[0])
    assert lines(event) == [f"in@{seminars[0].title}", "in"]
    assert figures(db.session, event.id).came == 1


def test_who_may_put_right(event, staff):
    page = url(event, f"deltagare/{person(event).id}/narvaro")
    for role, code in [("admin", 200), ("organiser", 200), ("secretary", 403), ("reader", 403),
                       ("check-in", 403)]:  # fmt: skip
        assert staff(role).get(page).status_code == code, role


def test_the_check_in_role_sees_the_door_only(app, event, staff):
    make.events.event(title="Ett utkast")
    browser = staff("check-in")
    start = browser.get("/arbeta/").text
    assert url(event, "dorren") in start
    assert f'href="/arbeta/evenemang/{event.id}"' not in start
    assert "Ett utkast" not in start
    assert "Organisationer" not in start
    assert browser.get(f"/arbeta/evenemang/{event.id}").status_code == 403
    assert browser.get(url(event, "dorren")).status_code == 200
    assert f'href="/arbeta/evenemang/{event.id}"' not in browser.get(url(event, "dorren")).text


def test_a_closed_event_has_no_ticks_but_may_be_put_right(event, staff):
    staff("organiser")
    event_id = event.id
    for state in (State.HELD, State.CLOSED):
        write(
            lambda state=state: event_services.set_state(
                db.session, db.session.get_one(Event, event_id), state, by=None,
                now=NOW + 8 * HOUR,
            )
        )  # fmt: skip
    with pytest.raises(Refusal, match="publicerat"):
        come(person(event))
    put_right(person(event), came=NOW)
    assert lines(event) == ["in"]


def test_what_a_page_asks_costs_the_same_for_few_and_many(event, staff):
    browser, costs = staff("check-in"), []
    for number in (0, 40):
        for n in range(number):
            come(make.registration(event, 100 + n, source=make.Source.STAFF))
        for path in ("dorren/antal.json?efter=0", "dorren/alla.json"):
            with statements() as asked:
                assert browser.get(url(event, path)).status_code == 200
            costs.append(len([one for one in asked if one.startswith("SELECT")]))
    assert costs[:2] == costs[2:]
