"""Who works at an authority: added, given roles, closed, and out at once (case E6)."""

import pytest
import sqlalchemy as sa

from accounts import queries, services
from accounts.models import AuditEntry, Authority
from accounts.rules import Role
from core.db import Stale, db, write
from tests import world
from tests.conftest import NOW, PASSWORD, open_client


@pytest.fixture
def admin(staff):
    return staff("admin")


def board(slug="jonkoping"):
    return queries.authority_by_slug(db.session, slug)


def at(path=""):
    return f"/arbeta/myndighet/{board().id}/kollegor{path}"


def of(browser_email, path=""):
    return at(f"/{world.user(browser_email).id}{path}")


def add(browser, **fields):
    defaults = {"name": "Siv Ny", "email": "siv.ny@example.se", "roles": ["organiser"],
                "password": "tillfalligt-ord"}  # fmt: skip
    return browser.submit(at("/ny"), **defaults | fields)


def actions():
    db.session.rollback()
    return db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()


def test_a_new_colleague_comes_in_and_chooses_a_password(app, admin):
    assert add(admin).status_code == 303
    assert "Siv Ny kan nu logga in med det tillfälliga lösenordet." in admin.get(at()).text
    siv = open_client(app)
    siv.submit("/logga-in", email="siv.ny@example.se", password="tillfalligt-ord")
    assert siv.get("/arbeta/konto").headers["Location"] == "/arbeta/losenord"
    assert actions()[-1] == "user.added"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": " "}, "Skriv namnet."),
        ({"email": "siv"}, "Skriv en e-postadress"),
        ({"roles": []}, "Välj minst en roll."),
        ({"roles": ["god"]}, "Välj bland alternativen"),
        ({"password": "kort"}, "minst 12 tecken"),
        ({"email": "admin.jonkoping@example.se"}, "arbetar redan här"),
    ],
)
def test_a_half_filled_form_adds_nobody(app, admin, fields, says):
    before = world.checksum(app)
    answer = add(admin, **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert "tillfalligt-ord" not in answer.text
    assert world.checksum(app) == before


def test_somebody_from_another_authority_keeps_their_password(app, admin, staff):
    staff("reader", "skane")
    assert add(admin, email="reader.skane@example.se").status_code == 303
    assert "hade redan ett konto" in admin.get(at()).text
    browser = open_client(app)
    answer = browser.submit("/logga-in", email="reader.skane@example.se", password=PASSWORD)
    assert answer.status_code == 303
    assert {a.slug for a in world.user("reader.skane@example.se").authorities_with(
        frozenset(Role))} == {"jonkoping", "skane"}  # fmt: skip


def test_who_has_left_comes_back_with_a_new_password(app, admin):
    add(admin)
    admin.submit(of("siv.ny@example.se"), roles=[])
    assert "siv.ny@example.se" not in admin.get(at()).text
    assert add(admin, password="nytt-tillfalligt", name="Siv Gammal").status_code == 303
    siv = open_client(app)
    answer = siv.submit("/logga-in", email="siv.ny@example.se", password="nytt-tillfalligt")
    assert answer.status_code == 303


def test_changed_roles_hold_from_the_next_request(admin, staff):
    browser = staff("organiser")
    assert browser.get("/arbeta/post").status_code == 200
    answer = admin.submit(of("organiser.jonkoping@example.se"), roles=["reader"])
    assert answer.status_code == 303
    assert browser.get("/arbeta/post").headers["Location"].startswith("/logga-in")
    browser.submit("/logga-in", email="organiser.jonkoping@example.se", password=PASSWORD)
    assert browser.get("/arbeta/post").status_code == 403


def test_who_has_no_role_left_is_out(admin, staff):
    browser = staff("organiser")
    admin.submit(of("organiser.jonkoping@example.se"), roles=[])
    browser.submit("/logga-in", email="organiser.jonkoping@example.se", password=PASSWORD)
    answer = browser.get("/arbeta/")
    assert answer.status_code == 403
    assert "Du har ingen roll" in answer.text


def test_the_last_administrator_stays(app, admin):
    before = world.checksum(app)
    answer = admin.submit(of("admin.jonkoping@example.se"), roles=["reader"])
    assert answer.status_code == 422
    assert "Utse först en annan administratör." in answer.text
    assert world.checksum(app) == before


def test_a_closed_administrator_does_not_count(admin, staff):
    staff("admin", name="andra")
    admin.submit(of("andra.jonkoping@example.se"), _at=1)
    assert actions()[-1] == "user.closed"
    answer = admin.submit(of("admin.jonkoping@example.se"), roles=["reader"])
    assert "Utse först en annan administratör." in answer.text


def test_two_administrators_cannot_remove_each_other(app, admin, staff):
    """The second decision is made on what the first has left."""
    staff("admin", name="andra")
    first, second = (
        world.user("admin.jonkoping@example.se"),
        world.user("andra.jonkoping@example.se"),
    )

    def demote(who, by):
        services.set_roles(
            db.session, db.session.merge(who), authority=board(), roles={Role.READER},
            by=db.session.merge(by), now=NOW,
        )  # fmt: skip

    write(lambda: demote(first, second))
    with pytest.raises(Exception, match="annan administratör"):
        write(lambda: demote(second, first))


def test_a_closed_account_opens_again(app, admin, staff):
    browser = staff("organiser")
    email = "organiser.jonkoping@example.se"
    assert admin.submit(of(email), _at=1).status_code == 303
    assert browser.get("/arbeta/").status_code == 302
    assert "Stängt" in admin.get(at()).text
    admin.submit(of(email), _at=1)
    assert browser.submit("/logga-in", email=email, password=PASSWORD).status_code == 303


def test_nobody_closes_their_own_account(app, admin):
    key = {"csrf_token": world.token(app, admin), "form_key": "k" * 32, "open": "no"}
    answer = admin.post(of("admin.jonkoping@example.se", "/konto"), data=key)
    assert answer.status_code == 422
    assert admin.get("/arbeta/konto").status_code == 200


def test_an_administrator_cannot_take_over_an_account_of_another_authority(app, admin, staff):
    """Else one could add Skåne's administrator here, give them a password and be them there."""
    staff("admin", "skane")
    email = "admin.skane@example.se"
    add(admin, email=email, roles=["reader"])
    answer = admin.submit(of(email, "/losenord"), password="mitt-val-av-ord")
    assert answer.status_code == 422
    assert "Skåne" in answer.text
    key = {"csrf_token": world.token(app, admin), "form_key": "k" * 32, "open": "no"}
    assert admin.post(of(email, "/konto"), data=key).status_code == 422
    assert open_client(app).submit("/logga-in", email=email, password=PASSWORD).status_code == 303


def test_a_lost_password_is_replaced(app, admin, staff):
    old = staff("organiser")
    email = "organiser.jonkoping@example.se"
    assert admin.submit(of(email, "/losenord"), password="tillfalligt-ord").status_code == 303
    assert old.get("/arbeta/").status_code == 302
    browser = open_client(app)
    browser.submit("/logga-in", email=email, password="tillfalligt-ord")
    assert browser.get("/arbeta/").headers["Location"] == "/arbeta/losenord"


def test_somebody_elsewhere_is_no_colleague(admin, staff):
    staff("organiser", "skane")
    for path in ("", "/losenord"):
        assert admin.get(of("organiser.skane@example.se", path)).status_code == 404


def test_two_who_change_the_same_roles_do_not_overwrite_each_other(admin, staff):
    staff("organiser")
    url = of("organiser.jonkoping@example.se")
    page = admin.get(url)
    from tests.conftest import forms  # noqa: PLC0415

    fields = forms(page.text)[0]["fields"]
    admin.submit(url, roles=["secretary"])
    answer = admin.post(url, data=fields | {"roles": ["admin"]})
    assert answer.status_code == 409
    assert "Någon annan har sparat" in answer.text
    assert world.user("organiser.jonkoping@example.se").roles_in(board().id) == {Role.SECRETARY}


def test_the_facts_of_the_authority_are_kept(admin):
    url = f"/arbeta/myndighet/{board().id}/uppgifter"
    answer = admin.submit(url, sender_name="Integrationsenheten", phone="010-223 60 00")
    assert answer.status_code == 303
    kept = board()
    assert (kept.sender_name, kept.phone) == ("Integrationsenheten", "010-223 60 00")
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.action == "authority.changed"
    assert entry.details["phone"] == ["", "010-223 60 00"]
    assert "010-223 60 00" in admin.get(f"/arbeta/myndighet/{board().id}/logg").text


def test_facts_from_an_old_page_are_not_saved(admin):
    from tests.conftest import forms  # noqa: PLC0415

    url = f"/arbeta/myndighet/{board().id}/uppgifter"
    fields = forms(admin.get(url).text)[0]["fields"]
    admin.submit(url, phone="010-223 60 00")
    answer = admin.post(url, data=fields | {"phone": "010-111 11 11", "form_key": "n" * 32})
    assert answer.status_code == 409
    assert "010-111 11 11" in answer.text
    assert board().phone == "010-223 60 00"
    with pytest.raises(Stale):
        write(lambda: services.change_authority(
            db.session, board(), facts={"phone": "1"}, version=99, by=None, now=NOW))  # fmt: skip


def test_the_log_is_paged_and_costs_the_same(app, admin):
    authority = board()

    def fill():
        for n in range(120):
            services.record(db.session, by=None, action=f"prov.{n}", subject=authority, now=NOW,
                            authority_id=authority.id)  # fmt: skip

    write(fill)
    url = f"/arbeta/myndighet/{authority.id}/logg"
    first, last = admin.get(url), admin.get(f"{url}?sida=3")
    assert "prov.119" in first.text
    assert "prov.69" not in first.text
    assert "Sida 1 av 3" in first.text
    assert "prov.0" in last.text
    assert admin.get(f"{url}?sida=0").status_code == 400
    assert admin.get(f"{url}?sida=99").status_code == 200


def test_an_authority_is_its_own(app):
    authority = db.session.scalar(sa.select(Authority))
    assert authority.authority_id == authority.id
