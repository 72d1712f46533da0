"""An event's own questions as the organiser puts, reads and lets go of them."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import Stale, db, write
from core.errors import Refusal
from events.models import Event
from events.services import touch
from registrations import disposal
from registrations.questions import queries, services
from registrations.questions.models import Question, Reply, Wording
from registrations.questions.rules import Kind, sensitive
from registrations.rules import DataKind
from tests.events.make import NOW, board
from tests.registrations import make
from tests.registrations.make_lists import crowd, statements, url
from tests.registrations.make_papers import fetch_internal
from tests.registrations.make_questions import FACTS, answers, ask, field, register, reword
from tests.registrations.test_export import read_csv, read_xlsx

pytestmark = pytest.mark.usefixtures("app")

OWN = 15  # columns before those of the own questions


@pytest.fixture
def event(app):
    return make.conference(online=None)


def answer(event, number=0, registration=None, now=NOW, **given):
    """Somebody who has answered; `given` by label."""
    person = registration or make.registration(event, number)
    id_, event_id = person.id, event.id

    def keep():
        here = db.session.get_one(make.Registration, id_)
        by_label = {one.label: one.id for one in queries.asked(db.session, event_id)}
        services.keep(
            db.session, here, {by_label[label]: value for label, value in given.items()}, now=now
        )

    write(keep)
    return person


def labels(event):
    db.session.rollback()
    return [one.label for one in queries.asked(db.session, event.id)]


def test_the_empty_page_explains_and_suggests(event, staff):
    browser = staff()
    assert url(event, "fragor") in browser.get(url(event)).text
    page = browser.get(url(event, "fragor")).text
    assert "Inga egna frågor än" in page
    assert "fragor/ny?forslag=resa" in page
    assert browser.submit(url(event, "fragor/ny?forslag=resa")).status_code == 303
    (one,) = queries.asked(db.session, event.id)
    assert (one.label, one.kind, one.days) == ("Hur reser du hit?", Kind.ONE, 14)
    assert one.options == ("Tåg", "Buss", "Bil", "Cykel eller till fots")


def test_questions_are_added_changed_moved_and_taken_away(event, staff):
    browser = staff()
    new = url(event, "fragor/ny")
    browser.submit(new, label="Åker du buss?", kind="yes_no", purpose="Vi beställer.", required="y")
    first = db.session.scalars(sa.select(Question)).one()
    browser.submit(
        new, label="Var stiger du på?", kind="one", options="Tranås\n\nTranås\n Eksjö ",
        purpose="Vi beställer.", condition=f"{first.id}:0",
    )  # fmt: skip
    browser.submit(new, label="Något mer?", kind="short", purpose="Vi lyssnar.")
    page = browser.get(url(event, "fragor")).text
    assert "Svara om du svarade ”Ja” på ”Åker du buss?”." in page
    assert "Tranås · Eksjö" in page
    assert labels(event) == ["Åker du buss?", "Var stiger du på?", "Något mer?"]
    third = db.session.scalars(sa.select(Question).order_by(Question.id.desc())).first()
    gone = third.id
    at = {where: url(event, f"fragor/{gone}/{where}") for where in ("upp", "ta-bort", "andra")}
    assert browser.submit(url(event, "fragor"), _to=at["upp"]).status_code == 303
    assert labels(event) == ["Åker du buss?", "Något mer?", "Var stiger du på?"]
    hung = browser.submit(url(event, "fragor"), _to=url(event, f"fragor/{first.id}/ta-bort"))
    assert hung.status_code == 422
    assert "beror på svaret här" in hung.text
    browser.submit(at["andra"], label="Vill du säga något mer?")
    assert labels(event)[1] == "Vill du säga något mer?"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Wording)) == 3
    browser.submit(url(event, "fragor"), _to=at["ta-bort"])
    assert labels(event) == ["Åker du buss?", "Var stiger du på?"]
    assert db.session.get(Question, gone) is None


def test_a_question_never_comes_before_the_one_it_hangs_on(event):
    first = ask(event, label="A", kind=Kind.YES_NO)
    second = ask(event, label="B", after_id=first.id, answer="yes")
    for question, up in ((first, False), (second, True)):
        id_ = question.id
        with pytest.raises(Refusal):
            write(
                lambda id_=id_, up=up: services.move_question(
                    db.session, db.session.get_one(Question, id_), up=up, by=None, now=NOW
                )
            )
    with pytest.raises(Refusal):
        ask(event, label="C", after_id=second.id, answer="x")
    with pytest.raises(Refusal):
        reword(first, kind=Kind.NUMBER)
    with pytest.raises(Refusal):
        reword(first, after_id=second.id, answer="yes")
    assert labels(event) == ["A", "B"]


def test_changing_what_is_answered_makes_a_new_wording(event, staff):
    question = ask(event, options=["Tåg", "Bil"], label="Hur reser du?")
    person = answer(event, 1, **{"Hur reser du?": "Bil"})
    browser = staff()
    change = url(event, f"fragor/{question.id}/andra")
    assert "1 person har svarat" in browser.get(change).text
    assert browser.submit(change, label="Hur reser du hem?", options="Buss\nTåg").status_code == 303
    assert labels(event) == ["Hur reser du hem?"]
    assert answers("Berg1") == {"Hur reser du?": '"Bil"'}
    page = browser.get(url(event, f"deltagare/{person.id}")).text
    assert "Hur reser du?" in page
    assert '<dd class="kept">Bil</dd>' in page
    # Seen and saved by the organiser without an answer that can no longer be given: it goes.
    browser.submit(url(event, f"deltagare/{person.id}/andra"), phone="070-123 45 67")
    assert answers("Berg1") == {}


def test_two_who_change_the_same_question_do_not_overwrite_each_other(event, staff):
    question = ask(event)
    browser = staff()
    change = url(event, f"fragor/{question.id}/andra")
    refused = browser.submit(change, version="99", label="Min fråga")
    assert refused.status_code == 409
    assert "Min fråga" in refused.text
    assert labels(event) == ["Vad vill du höra om?"]


def test_a_question_that_was_answered_is_retired_and_can_be_taken_up(event, staff):
    first = ask(event, label="A")
    ask(event, label="B")
    answer(event, 1, A="ja då")
    browser = staff()
    browser.submit(url(event, "fragor"), _to=url(event, f"fragor/{first.id}/ta-bort"))
    page = browser.get(url(event, "fragor")).text
    assert "Ställs inte längre" in page
    assert labels(event) == ["B"]
    assert answers("Berg1") == {"A": '"ja då"'}
    browser.submit(url(event, "fragor"), _to=url(event, f"fragor/{first.id}/ta-fram"))
    assert labels(event) == ["B", "A"]


def test_what_is_taken_up_again_no_longer_hangs_on_what_is_gone(event, staff):
    first = ask(event, label="A", kind=Kind.YES_NO)
    second = ask(event, label="B", after_id=first.id, answer="yes")
    answer(event, 1, A=True, B="hej")
    browser = staff()
    for question in (second, first):
        gone = url(event, f"fragor/{question.id}/ta-bort")
        assert browser.submit(url(event, "fragor"), _to=gone).status_code == 303
    back = url(event, f"fragor/{second.id}/ta-fram")
    assert browser.submit(url(event, "fragor"), _to=back).status_code == 303
    (one,) = queries.asked(db.session, event.id)
    assert (one.label, one.after) == ("B", None)
    assert answers("Berg1") == {"A": "true", "B": '"hej"'}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": ""}, "Skriv frågan"),
        ({"label": "å" * 201}, "Korta texten"),
        ({"purpose": ""}, "Skriv varför ni frågar"),
        ({"kind": "essä"}, "Välj ett av alternativen"),
        ({"kind": "one", "options": "Bara ett"}, "Skriv minst två alternativ"),
        ({"kind": "many", "options": "\n".join("abcdefghijklmnopqrstuvwxyzåäöÅÄÖ")}, "Ta bort"),
        ({"kind": "one", "options": f"Ett\n{'å' * 121}"}, "Korta alternativen"),
        ({"days": "-1"}, "Skriv ett heltal"),
        ({"days": "١"}, "Skriv ett heltal"),
        ({"days": ""}, "Skriv efter hur många dagar"),
        ({"condition": "1:0"}, "Välj ett av alternativen"),
        ({"mode": "rymden"}, "Välj ett av alternativen"),
        ({"sectors": ["kung"]}, "Välj bland alternativen"),
    ],
)
def test_a_bad_question_is_told_at_its_field(event, staff, changes, sentence):
    good = {"label": "Vad tar du med?", "kind": "short", "purpose": "För bordet."}
    refused = staff().submit(url(event, "fragor/ny"), **(good | changes))
    assert refused.status_code == 422
    assert sentence in refused.text
    assert labels(event) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Skriv ditt personnummer", ["identity"]),
        ("Vilka allergier har du?", ["health"]),
        ("Äter du halal?", ["belief"]),
        ("Behöver du teckenspråkstolk?", []),
        ("Behöver du tolk?", ["health"]),
        ("Hur reser du hit?", []),
        ("Vilken kommun kommer du från?", []),
        ("Kristianstad eller Kristinehamn?", []),
    ],
)
def test_a_question_that_looks_sensitive_is_warned_of(text, what):
    assert sensitive(text) == what


def test_the_organiser_is_warned_but_not_stopped(event, staff):
    browser = staff()
    browser.submit(
        url(event, "fragor/ny"), label="Är du allergisk?", kind="yes_no", purpose="Maten."
    )
    page = browser.get(url(event, "fragor")).text
    assert "Det ska stå under behov" in page
    assert labels(event) == ["Är du allergisk?"]


def test_the_organiser_answers_for_somebody_and_need_not(event, staff):
    question = ask(event, label="Buss?", kind=Kind.YES_NO, required=True)
    browser = staff()
    fields = {"first_name": "Siv", "last_name": "Ek", "sector": "other", "mode": "room"}
    assert browser.submit(url(event, "deltagare/ny"), **fields).status_code == 303
    assert answers("Ek") == {}
    person = db.session.scalars(sa.select(make.Registration)).one()
    change = url(event, f"deltagare/{person.id}/andra")
    assert browser.submit(change, **{field(question): "yes"}).status_code == 303
    assert answers("Ek") == {"Buss?": "true"}
    assert browser.submit(change, **{field(question): "hej"}).status_code == 422
    assert browser.submit(change, **{field(question): ""}).status_code == 303
    assert answers("Ek") == {}


def test_answering_later_stands_in_the_history_without_the_answer(event, staff):
    ask(event, label="Buss?", kind=Kind.YES_NO)
    person = answer(event, 1, now=NOW + timedelta(hours=1), **{"Buss?": True})
    page = staff().get(url(event, f"deltagare/{person.id}")).text
    history = page.split("Historik")[1]
    assert "Svarade på frågor" in history
    assert not re.search(r"\bJa\b", history)
    assert make.again(person).version == 2  # who has the old form open is told


def test_the_files_have_a_column_for_each_question_and_old_wording(event, staff):
    travel = ask(event, label="Hur reser du?", options=["Tåg", "Bil"])
    ask(event, label="Hur många?", kind=Kind.NUMBER)
    gone = ask(event, label="Något mer?")
    ask(event, label="Aldrig besvarad")
    answer(event, 1, **{"Hur reser du?": "Bil", "Hur många?": 3, "Något mer?": "=1+1"})
    reword(travel, label="Hur reser du hem?")
    answer(event, 2, **{"Hur reser du hem?": "Tåg"})
    hidden = make.registration(event, 3, protected=True)
    answer(event, registration=hidden, **{"Hur många?": 77})
    id_ = gone.id
    write(
        lambda: services.retire_question(
            db.session, db.session.get_one(Question, id_), by=None, now=NOW
        )
    )
    head, first, second = read_csv(fetch_internal(staff(), event).get_data(as_text=True))
    assert head[OWN:] == [
        "Hur reser du hem?", "Hur reser du? (äldre lydelse)", "Hur många?", "Aldrig besvarad",
        "Något mer? (frågan är borttagen)",
    ]  # fmt: skip
    assert first[OWN:] == ["", "Bil", "3", "", "'=1+1"]
    assert second[OWN:] == ["Tåg", "", "", "", ""]
    sheet = read_xlsx(fetch_internal(staff("reader"), event, "xlsx").data)
    assert [cell.value for cell in sheet[2]][OWN:] == [None, "Bil", 3, None, "=1+1"]
    assert 77 not in [cell.value for row in sheet.iter_rows() for cell in row]


def test_the_summary_counts_and_shows_texts_without_names(event, staff):
    ask(event, label="Resa", kind=Kind.MANY, options=["Tåg", "Bil", "Buss"])
    ask(event, label="Text", kind=Kind.LONG)
    ask(event, label="Antal", kind=Kind.NUMBER)
    answer(event, 1, Resa=["Tåg", "Bil"], Text="<b>Skolan</b>", Antal=2)
    answer(event, 2, Resa=["Tåg"], Text="Bostäder", Antal=5)
    hidden = make.registration(event, 3, protected=True)
    answer(event, registration=hidden, Resa=["Buss"], Text="röjande")
    away = make.registration(event, 4, status=make.Status.CANCELLED)
    answer(event, registration=away, Resa=["Buss"], Text="borta", Antal=9)
    page = staff("reader").get(url(event, "fragor/svar")).text
    assert "3 personer har plats" in page
    for words, number in (("Tåg", 2), ("Bil", 1), ("Buss", 1)):
        assert f'<th scope="row">{words}</th><td class="num">{number}</td>' in page
    assert "Sammanlagt 7. Medel 3,5, minst 2, mest 5." in page
    assert "&lt;b&gt;Skolan&lt;/b&gt;" in page
    assert "röjande" not in page
    assert "borta" not in page
    assert "1 svar från personer med skyddade personuppgifter visas inte." in page
    assert "Berg1" not in page
    assert "ada.berg" not in page


def test_the_summary_costs_the_same_for_one_and_for_thousands(event, staff):
    ask(event, label="Resa", options=["Tåg", "Bil"])
    ask(event, label="Text")
    browser, costs = staff(), []
    for number in (1, 3000):
        crowd(event, number) if number > 1 else answer(event, 1, Resa="Tåg", Text="Hej")
        if number > 1:
            everybody_answers(event)
        with statements() as asked:
            page = browser.get(url(event, "fragor/svar")).text
        costs.append(len([text for text in asked if text.startswith("SELECT")]))
    assert costs[0] == costs[1] <= 10
    assert page.count('<li class="kept">') == queries.MOST_TEXTS
    assert "Här visas de första 200." in page


def everybody_answers(event):
    event_id = event.id

    def fill():
        asked = queries.asked(db.session, event_id)
        new = sa.select(make.Registration.id).where(
            make.Registration.event_id == event_id, make.Registration.last_name.like("Öberg%")
        )
        rows = [
            {"registration_id": id_, "question_id": one.question_id, "wording_id": one.id,
             "value": '"Tåg"', "given": NOW}
            for id_ in db.session.scalars(new) for one in asked
        ]  # fmt: skip
        db.session.execute(sa.insert(Reply), rows)

    write(fill)


def test_a_copy_of_the_event_asks_the_same(event, staff):
    bus = ask(event, label="Åker du buss?", kind=Kind.YES_NO)
    ask(event, label="Var stiger du på?", after_id=bus.id, answer="yes", required=True, days=7)
    answer(event, 1, **{"Åker du buss?": True})
    browser = staff()
    copied = browser.submit(url(event, "kopiera"), day="2027-09-02")
    copy = db.session.get_one(Event, int(copied.headers["Location"].rstrip("/").split("/")[-1]))
    first, second = queries.asked(db.session, copy.id)
    assert (first.label, second.label, second.days) == ("Åker du buss?", "Var stiger du på?", 7)
    assert (second.after, second.answer, second.required) == (first.question_id, "yes", True)
    assert first.question_id != bus.id
    without = browser.submit(url(event, "kopiera"), day="2027-09-03", parts=["facts"])
    id_ = int(without.headers["Location"].rstrip("/").split("/")[-1])
    assert queries.asked(db.session, id_) == ()


def over(event, days):
    """Let the event have ended so many days ago."""
    id_ = event.id

    def move():
        row = db.session.get_one(Event, id_)
        row.ends = NOW - timedelta(days=days)
        row.starts = row.ends - timedelta(hours=6)
        touch(db.session, row, now=NOW)  # what is found of it follows

    write(move)


def decide(days):
    write(
        lambda: disposal.set_rule(
            db.session,
            board(),
            kind=DataKind.ANSWERS,
            days=days,
            decision_number="404-9-2026",
            by=None,
            now=NOW,
        )
    )


def test_answers_go_when_their_own_time_and_the_decision_say_so(app, event):
    ask(event, label="Kort tid", days=10)
    ask(event, label="Lång tid", days=100)
    answer(event, 1, **{"Kort tid": "a", "Lång tid": "b"})
    over(event, 20)

    def run():
        result = app.test_cli_runner().invoke(args=["dispose"])
        assert result.exit_code == 0, result.output
        return result.output

    assert "väntar på beslut  Länsstyrelsen i Jönköpings län: Svar på egna frågor" in run()
    assert len(answers("Berg1")) == 2
    decide(30)
    assert "Svar på egna frågor" not in run()
    decide(15)
    assert "Svar på egna frågor, " in run()
    assert answers("Berg1") == {"Lång tid": '"b"'}
    over(event, 101)
    run()
    assert answers("Berg1") == {}
    checked = app.test_cli_runner().invoke(args=["check"])
    assert checked.exit_code == 0, checked.output


def test_who_may_do_what(event, staff, client):
    question = ask(event)
    pages = {"fragor": 403, "fragor/ny": 403, f"fragor/{question.id}/andra": 403,
             "fragor/formular": 403, "fragor/svar": 200}  # fmt: skip
    for page, reader in pages.items():
        assert staff().get(url(event, page)).status_code == 200
        assert staff("reader").get(url(event, page)).status_code == reader
        assert staff("check-in").get(url(event, page)).status_code == 403
        assert staff("admin", "skane").get(url(event, page)).status_code == 404
        assert client.get(url(event, page)).status_code == 302
    other = make.conference(slug="en-annan")
    assert staff().get(url(other, f"fragor/{question.id}/andra")).status_code == 404


def test_the_preview_shows_the_fields_and_sends_nothing(event, staff):
    ask(event, label="Åker du buss?", kind=Kind.YES_NO, sectors=["civil_society"])
    page = staff().get(url(event, "fragor/formular")).text
    assert "Åker du buss?" in page
    assert "Sorts organisation" in page
    assert 'method="post"' not in page.split("<main")[1]


def test_a_closed_event_asks_nothing_new(event):
    question = ask(event)
    id_ = event.id

    def close():
        db.session.get_one(Event, id_).state = "closed"

    write(close)
    for change in (lambda: ask(event, label="B"), lambda: reword(question, label="C")):
        with pytest.raises(Refusal, match="avslutat"):
            change()


def test_a_version_that_is_gone_is_stale(event):
    id_ = ask(event).id

    def change():
        found = db.session.get_one(Question, id_)
        services.change_question(db.session, found, facts=FACTS, version=99, by=None, now=NOW)

    with pytest.raises(Stale):
        write(change)


def test_answers_to_what_is_no_longer_asked_are_refused(event, client):
    question = ask(event)
    old = db.session.get_one(Question, question.id).wording.id
    person = make.registration(event, 1)
    id_ = person.id
    reword(question, label="Ny")

    def keep():
        services.keep(db.session, db.session.get_one(make.Registration, id_), {old: "x"}, now=NOW)

    with pytest.raises(Refusal, match="har ändrats"):
        write(keep)
    assert register(client, event, mode="room", **{field(question): "y"}).status_code == 303
