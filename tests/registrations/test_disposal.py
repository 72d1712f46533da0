"""Disposal: only by a decision, only when the time is up, and the run says how many."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import db, write
from events.services import touch
from registrations import disposal
from registrations.models import CheckIn, DisposalRun, ItemChoice, Need, Registration
from registrations.rules import DataKind, Source, Status
from tests.events.make import NOW, board
from tests.registrations import make
from tests.registrations.make_lists import come, user

WAS = NOW - timedelta(days=20)  # the event took place twenty days ago


@pytest.fixture
def event(app):
    """A conference that is over, with needs, a queue and addresses."""
    event = make.conference(room=2)
    make.registration(event, 1, needs={"diet": "Vegan"})
    come(make.registration(event, 2, needs={"access": "Tolk"}, phone="070-123 45 67"))
    make.registration(event, 3, needs={"diet": "Vegan"})  # waits
    came = make.registration(event, 4)  # waits, but was let in
    come(came)
    event_id = event.id

    def move():
        row = db.session.get_one(type(event), event_id)
        row.starts, row.ends = WAS - timedelta(hours=6), WAS
        touch(db.session, row, now=NOW)  # what is found of it follows

    write(move)
    return event


def decide(kind, days=14, decision="404-1-2026"):
    """A disposal decision of Jönköping."""

    def action():
        disposal.set_rule(
            db.session, board(), kind=kind, days=days, decision_number=decision, by=None, now=NOW
        )

    write(action)


def run(app, *args):
    """What `flask dispose` says."""
    result = app.test_cli_runner().invoke(args=["dispose", *args])
    assert result.exit_code == 0, result.output
    db.session.rollback()
    return result.output


def count(model):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_without_a_decision_nothing_is_erased_and_it_says_what_waits(app, event):
    said = run(app)
    assert "väntar på beslut" in said
    assert "Kost och behov, " in said
    assert ": 3 (14 dagar har gått)" in said
    assert count(Need) == 3
    assert count(DisposalRun) == 0


def test_a_decision_erases_the_needs_and_says_how_many_by_which(app, event):
    decide(DataKind.NEEDS)
    said = run(app)
    assert "raderat" in said
    assert "3 enligt 404-1-2026" in said
    assert count(Need) == 0
    assert count(Registration) == 4
    done = db.session.scalars(sa.select(DisposalRun)).one()
    assert (done.data_kind, done.count, done.decision_number, done.event_id) == (
        "needs", 3, "404-1-2026", event.id,
    )  # fmt: skip
    assert "404-1-2026" not in run(app)
    assert count(DisposalRun) == 1


def test_a_decision_that_was_taken_back_meanwhile_erases_nothing(app, event):
    decide(DataKind.NEEDS)
    (one,) = [one for one in disposal.due(db.session, now=NOW) if one.kind is DataKind.NEEDS]
    decide(DataKind.NEEDS, decision="")
    assert write(lambda: disposal.dispose(db.session, one, now=NOW)) == 0
    assert "väntar på beslut" in run(app)
    assert count(Need) == 3


def test_a_dry_run_erases_nothing(app, event):
    decide(DataKind.NEEDS)
    assert "skulle raderas" in run(app, "--dry-run")
    assert count(Need) == 3


def test_before_the_time_is_up_nothing_is_erased(app, event):
    decide(DataKind.NEEDS, days=21)
    assert "Kost" not in run(app)
    assert count(Need) == 3


def test_another_authoritys_decision_does_not_count(app, event):
    def action():
        disposal.set_rule(
            db.session, board("skane"), kind=DataKind.NEEDS, days=0, decision_number="S-1",
            by=None, now=NOW,
        )  # fmt: skip

    write(action)
    assert "väntar på beslut" in run(app)
    assert count(Need) == 3


def test_the_waiting_list_goes_but_whoever_came_stays(app, event):
    decide(DataKind.WAITING_LIST)
    run(app)
    left = {one.last_name: one.status for one in db.session.scalars(sa.select(Registration))}
    assert left == {"Berg1": Status.CONFIRMED, "Berg2": Status.CONFIRMED, "Berg4": Status.WAITING}
    assert count(CheckIn) == 2
    assert count(Need) == 2
    assert count(ItemChoice) == 0
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0


def test_contact_data_go_and_names_stay(app, event):
    make.registration(  # of the same name
        event, 1, email="annan@example.se", status=Status.CANCELLED, source=Source.STAFF
    )
    decide(DataKind.CONTACT, days=0)
    assert ": 5 enligt" in run(app)
    for one in db.session.scalars(sa.select(Registration)):
        assert (one.email, one.phone, one.token_hash) == ("", "", None)
        assert one.last_name.startswith("Berg")
        assert "example.se" not in one.search
        assert "rädda bina" in one.search
    assert "Kontakt" not in run(app)


def test_an_administrator_writes_down_decisions(app, event, staff):
    browser = staff("admin")
    page = browser.get("/arbeta/gallring").text
    assert "Väntar på beslut" in page
    assert page.count("Inget beslut") == 6
    answer = browser.submit("/arbeta/gallring", decision_number="404-7-2026", days="14")
    assert answer.status_code == 303
    page = browser.get("/arbeta/gallring").text
    assert "Beslutet är sparat" in page
    assert "404-7-2026" in page
    run(app)
    page = browser.get("/arbeta/gallring").text
    assert page.count("404-7-2026") == 2  # in its form and beside what was erased
    rule = disposal.rule_of(db.session, board().id, DataKind.NEEDS)
    assert (rule.days, rule.decision_number) == (14, "404-7-2026")


def test_a_decision_without_a_number_is_refused_at_its_field(app, staff):
    answer = staff("admin").submit("/arbeta/gallring", _at=1, days="30", decision_number=" ")
    assert answer.status_code == 422
    assert (
        answer.text.count("Utan beslut raderas ingenting.") == 2
    )  # in the summary and at the field
    assert 'value="30"' in answer.text
    assert disposal.rule_of(db.session, board().id, DataKind.WAITING_LIST) is None


@pytest.mark.parametrize("days", ["-1", "99999", "många", "1.5"])
def test_odd_periods_are_refused(app, staff, days):
    answer = staff("admin").submit("/arbeta/gallring", days=days, decision_number="404-1-2026")
    assert answer.status_code == 422


def test_nobody_decides_for_another_board_or_another_kind(app, staff):
    browser = staff("admin")
    skane = str(board("skane").id)
    assert (
        browser.submit("/arbeta/gallring", authority=skane, decision_number="1").status_code == 404
    )
    assert (
        browser.submit("/arbeta/gallring", data_kind="allt", decision_number="1").status_code == 400
    )
    assert disposal.rule_of(db.session, board("skane").id, DataKind.NEEDS) is None


def test_only_administrators_see_disposal(app, event, staff, client):
    for role in ("organiser", "secretary", "reader", "check-in"):
        assert staff(role).get("/arbeta/gallring").status_code == 403
    assert client.get("/arbeta/gallring").status_code == 302
    assert event.title not in staff("admin", "skane").get("/arbeta/gallring").text
    assert user("admin.skane@example.se") is not None


def test_what_a_decision_should_have_erased_is_a_breach(app, event):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["check"]).exit_code == 0  # no decision, no breach
    decide(DataKind.NEEDS, days=10)
    result = runner.invoke(args=["check"])
    assert result.exit_code == 1
    assert "kör `flask dispose`" in result.output
    run(app)
    assert runner.invoke(args=["check"]).exit_code == 0
