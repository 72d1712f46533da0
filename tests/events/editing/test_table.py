"""The programme as a table: saved at once, moved by buttons, never over somebody else's change."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from core.db import db, write
from events.models import Event, Pool, ProgrammeItem
from events.times import wall
from tests.events import make
from tests.events.editing.make import at, fields_of, page, save, table


def draft(event):
    items = db.session.scalars(
        sa.select(ProgrammeItem).filter_by(event_id=event.id).order_by(ProgrammeItem.starts)
    )
    return [(f"{wall(i.starts):%d %H.%M}–{wall(i.ends):%H.%M}", i.title) for i in items]


def test_cells_new_rows_and_all_are_saved_by_one_button(staff):
    browser = staff("organiser")
    event = make.event()
    first = make.item(event, "Lägesbild", speakers=(make.speaker(),))
    make.item(event, "Panel", after=2)
    fields = table(browser, event)
    fields |= {
        at(fields, "Lägesbild", "when"): "10:00 - 10.45", at(fields, "Lägesbild", "room"): "Sal A",
        at(fields, "Lägesbild", "track"): "Spår Bostad",
        at(fields, "", "when"): "12–13", at(fields, "", "title"): "Lunch",
    }  # fmt: skip
    new = at(fields, "Lunch", "kind")
    answer = save(browser, event, fields | {new: "lunch"})
    assert answer.status_code == 303, answer.text
    assert draft(event) == [
        ("04 10.00–10.45", "Lägesbild"), ("04 11.30–12.30", "Panel"), ("04 12.00–13.00", "Lunch")
    ]  # fmt: skip
    item = db.session.get_one(ProgrammeItem, first.id)
    assert (item.room, item.track, len(item.appearances)) == ("Sal A", "Spår Bostad", 1)
    text = browser.get(answer.location).text
    assert "2 punkter är sparade." in text
    assert "Samtidigt med ”Lunch”, och ingen av dem har ett rum." in text
    again = save(browser, event, fields | {new: "lunch"})  # the same form once more
    assert again.status_code == 303
    assert len(draft(event)) == 3


def test_nothing_of_the_draft_is_seen_before_it_is_released_and_then_all_of_it(staff, client):
    browser = staff("organiser")
    event = make.event()
    make.item(event, "Lägesbild")
    browser.submit(f"/arbeta/evenemang/{event.id}/publicera")
    fields = table(browser, event)
    fields |= {at(fields, "Lägesbild", "room"): "Hemliga salen"}
    fields |= {at(fields, "", "when"): "12–13", at(fields, "", "title"): "Hemlig punkt"}
    assert save(browser, event, fields).status_code == 303
    address = f"/evenemang/{event.slug}"
    for path in (address, f"{address}.ics", "/?q=hemlig", "/kalender.ics"):
        assert "emlig" not in client.get(path).text.replace("q=hemlig", "").replace(
            'value="hemlig"', ""), path  # fmt: skip
    browser.submit(page(event, "/publicera"))
    assert "Hemliga salen" in client.get(address).text


def test_tracks_stand_side_by_side_for_everybody_and_nothing_is_chosen_by_them(staff, client):
    browser = staff("organiser")
    event = make.event()
    for title, track in (("Höga hus", "Spår Stad"), ("Små hus", "Spår Land")):
        make.item(event, title, track=track, room=f"Sal {track[-4]}")
    draft_page = browser.get(page(event)).text
    assert "Samtidigt" in draft_page
    browser.submit(f"/arbeta/evenemang/{event.id}/publicera")
    text = client.get(f"/evenemang/{event.slug}").text
    assert text.count("09.30–10.30") == 1
    assert "välj ett" not in text
    for words in ("Spår Stad", "Höga hus", "Spår Land", "Små hus"):
        assert words in text
    assert client.get(f"/evenemang/{event.slug}/program.pdf").status_code == 200


def test_what_is_wrong_is_said_at_its_cell_and_everything_typed_is_kept(staff):
    browser = staff("organiser")
    event = make.event()
    item = make.item(event, "Lägesbild", group="Pass", capacity=20)
    make.item(event, "Panel", after=2)
    pool = db.session.scalars(sa.select(Pool).filter_by(item_id=item.id)).one()
    write(lambda: setattr(db.session.get_one(Pool, pool.id), "taken", 5))
    before = draft(event)
    fields = table(browser, event)
    for cells, sentence in (
        ({"when": "tio"}, "Skriv när punkten börjar och slutar"),
        ({"when": "11.00–10.00"}, "Sluttiden måste vara senare"),
        ({"title": ""}, "Skriv en rubrik."),
        ({"kind": "fel"}, "Välj ett av alternativen"),
        ({"capacity": "många"}, "Skriv ett heltal"),
        ({"capacity": "4"}, "5 platser är redan tagna"),
        ({"group": ""}, "5 personer har plats här"),
    ):
        typed = {at(fields, "Lägesbild", name): value for name, value in cells.items()}
        typed |= {at(fields, "Panel", "room"): "Kvar", at(fields, "", "title"): ""}
        answer = save(browser, event, fields, **typed)
        assert answer.status_code == 422, cells
        assert sentence in answer.text
        assert 'value="Kvar"' in answer.text
    assert draft(event) == before
    assert db.session.get_one(Pool, pool.id).capacity == 20


def test_the_row_menu_moves_splits_copies_and_removes_and_saves_the_table_too(staff):
    browser = staff("organiser")
    event = make.event()
    first, second = make.item(event, "Ett", hours=0.5), make.item(event, "Två", after=0.5)
    fields = table(browser, event)
    fields |= {at(fields, "Ett", "title"): "Ett på nytt"}
    assert save(browser, event, fields, do=f"down:{first.id}").status_code == 303
    assert draft(event) == [("04 09.30–10.30", "Två"), ("04 10.30–11.00", "Ett på nytt")]
    assert save(browser, event, table(browser, event), do=f"move:{first.id}:{second.id}")
    assert draft(event)[0] == ("04 09.30–10.00", "Ett på nytt")
    save(browser, event, table(browser, event), do=f"split:{second.id}")
    assert draft(event)[1:] == [("04 10.00–10.30", "Två"), ("04 10.30–11.00", "Två")]
    save(browser, event, table(browser, event), do=f"copy:{first.id}")
    assert [title for _when, title in draft(event)].count("Ett på nytt") == 2
    save(browser, event, table(browser, event), do=f"remove:{first.id}")
    assert [title for _when, title in draft(event)].count("Ett på nytt") == 1
    other = make.item(make.event("skane"), "Annans")
    for asked in (f"remove:{other.id}", "remove:0", "erase:1", "up:", "x" * 50):
        assert save(browser, event, table(browser, event), do=asked).status_code == 422, asked
    assert db.session.get(ProgrammeItem, other.id)


def test_two_colleagues_in_one_table_lose_nothing(staff):
    mine, theirs = staff("organiser"), staff("organiser", name="bo")
    event = make.event()
    for number, title in enumerate(("Ett", "Två", "Tre")):
        make.item(event, title, after=number)
    opened = table(mine, event)
    fields = table(theirs, event)
    fields |= {at(fields, "Ett", "room"): "Sal B", at(fields, "Två", "title"): "Två av Bo"}
    assert save(theirs, event, fields).status_code == 303
    # Other cells: both stay.
    opened |= {at(opened, "Ett", "track"): "Spår 1"}
    assert save(mine, event, opened).status_code == 303
    item = db.session.scalars(sa.select(ProgrammeItem).filter_by(title="Ett")).one()
    assert (item.room, item.track) == ("Sal B", "Spår 1")
    assert [title for _when, title in draft(event)] == ["Ett", "Två av Bo", "Tre"]
    # The same cell: told, with both, and nothing saved.
    stale = opened | {"form_key": "k" * 43, at(opened, "Ett", "room"): "Sal A"}
    answer = save(mine, event, stale)
    assert answer.status_code == 409
    assert "Den andra skrev: Sal B" in " ".join(answer.text.split())
    assert 'value="Sal A"' in answer.text
    assert 'value="Två av Bo"' in answer.text
    assert item.room == "Sal B"
    # Saved from the page that told it, mine it is.
    assert save(mine, event, fields_of(answer.text)).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(ProgrammeItem, item.id).room == "Sal A"


def test_a_row_that_somebody_removed_comes_back_only_if_it_is_wanted(staff):
    browser = staff("organiser")
    event = make.event()
    item = make.item(event, "Ett")
    opened = table(browser, event)
    browser.submit(f"/arbeta/programpunkt/{item.id}", _at=1)
    assert save(browser, event, opened).status_code == 303  # nothing was changed in it
    assert draft(event) == []
    answer = save(browser, event, opened | {"form_key": "k" * 43,
                  at(opened, "Ett", "title"): "Ett ändrat"})  # fmt: skip
    assert answer.status_code == 409
    assert "har tagits bort av någon annan" in answer.text


def test_a_programme_over_a_night_when_clocks_change(staff):
    browser = staff("organiser")
    spring = make.event(starts=datetime(2027, 3, 27, 21, 0, tzinfo=UTC))  # ends 04.30, summer time
    fields = table(browser, spring)
    night = {at(fields, "", "when"): "02.30–03.30", at(fields, "", "title"): "Natt",
             at(fields, "", "day"): "2027-03-28"}  # fmt: skip
    answer = save(browser, spring, fields, **night)
    assert answer.status_code == 422
    assert "Klockan 02.30 finns inte den dagen" in answer.text
    night[at(fields, "", "when")] = "01.30–03.30"
    assert save(browser, spring, fields, **night).status_code == 303
    item = db.session.scalars(sa.select(ProgrammeItem).filter_by(event_id=spring.id)).one()
    assert item.ends - item.starts == timedelta(hours=1)
    autumn = make.event(starts=datetime(2026, 10, 24, 20, 0, tzinfo=UTC))
    fields = table(browser, autumn)
    night = {at(fields, "", "when"): "01.30–03.30", at(fields, "", "title"): "Natt",
             at(fields, "", "day"): "2026-10-25"}  # fmt: skip
    assert save(browser, autumn, fields, **night).status_code == 303
    item = db.session.scalars(sa.select(ProgrammeItem).filter_by(event_id=autumn.id)).one()
    assert item.ends - item.starts == timedelta(hours=3)
    assert db.session.get_one(Event, autumn.id).items[0].title == "Natt"


def test_a_whole_programme_is_pasted_looked_at_and_added(staff):
    browser = staff("organiser")
    event = make.event()
    known = make.speaker("Maria Holm", organisation="Tranås kommun")
    text = (
        "Hej!\n09.30–10.00 Registrering och kaffe\n10.00–10.30 Läget – Maria Holm, chef, Tranås "
        "kommun\n11-12 Skola (Åsa Öberg)\n11-12 Bostad"
    )
    answer = browser.submit(page(event, "/klistra-in"), text=text, do="look")
    assert answer.status_code == 200
    for words in ("Rad 1: ”Hej!”.", "Lägg till 4 punkter", "Inget är sparat än.", "Åsa Öberg",
                  "1 person läggs till i registret."):  # fmt: skip
        assert words in answer.text, words
    assert draft(event) == []
    added = browser.submit(page(event, "/klistra-in"), text=text, do="add")
    assert added.status_code == 303
    assert [title for _when, title in draft(event)] == [
        "Registrering och kaffe", "Läget", "Skola", "Bostad"]  # fmt: skip
    items = db.session.get_one(Event, event.id).items
    assert items[1].appearances[0].speaker_id == known.id
    assert {item.group for item in items[2:]} == {"Pass 1"}
    assert not items[3 if items[2].title == "Bostad" else 2].appearances[0].speaker.consent
    # Once more, and a day too many: what would collide is told before it is added.
    again = browser.submit(
        page(event, "/klistra-in"), text=f"{text}\n2027-03-05\n9-10 Sent", do="look",
        instead=None,
    )  # fmt: skip
    assert "Samtidigt med ”Läget”" in again.text
    assert "Ligger utanför evenemangets tid" in again.text
    # Nobody has touched what is there, so a new text is taken to replace it.
    look = browser.submit(page(event, "/klistra-in"), text="9.30-11 Annat", do="look")
    assert "De 4 punkter som står i programmet tas bort." in look.text
    assert "Samtidigt med" not in look.text
    browser.submit(page(event, "/klistra-in"), text="9.30-11 Annat", do="add")
    assert [title for _when, title in draft(event)] == ["Annat"]
    empty = browser.submit(page(event, "/klistra-in"), text="Bara ord", do="add")
    assert empty.status_code == 422
    assert "Bara ord" in empty.text
    for template in ("halvdag", "heldag", "sakrad"):
        shown = browser.get(page(event, f"/klistra-in?mall={template}")).text
        assert "09.30–" in shown, template


def test_rows_that_no_page_of_ours_has_are_no_rows(staff):
    browser = staff("organiser")
    event = make.event()
    make.item(event, "Lägesbild")
    fields = table(browser, event)
    odd = {"rows-²-title": "x", f"rows-{'9' * 5000}-title": "x", "rows--1-title": "x"}
    was = '{"day": "0001-01-01", "when": "x"}'
    old = {"rows-900-id": "7", "rows-900-day": "0001-01-01", "rows-900-was": was,
           "rows-900-when": "00.00–01.00", "rows-900-title": "x"}  # fmt: skip
    assert save(browser, event, fields | odd).status_code == 303
    assert save(browser, event, table(browser, event) | old).status_code in {409, 422}
    assert [title for _when, title in draft(event)] == ["Lägesbild"]
