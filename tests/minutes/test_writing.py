"""Writing a draft: together, with previews, and with text that means harm."""

import re
import time
from collections.abc import Callable

import pytest

from core.db import db
from minutes.comparing import side_by_side
from minutes.models import Minutes
from tests.conftest import Client, forms
from tests.minutes import make

HOSTILE = (
    "<script>alert(1)</script>\n\n[klicka](javascript:alert(2))\n\n![bild](http://x.example/y.png)"
    '\n\n<img src=x onerror="alert(3)">\n\n<b style="x">fet</b>\n\n<http://ok.example>'
)


def address(heading: str, minutes: Minutes) -> str:
    return f"/arbeta/minnesanteckningar/avsnitt/{make.section(minutes, heading).id}"


def test_two_write_in_different_sections_at_once(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    astrid, bo = staff("secretary", name="astrid"), staff("secretary", name="bo")
    hers, his = address("Inledning", minutes), address("Mat som mötesplats", minutes)
    first, second = (
        forms(who.get(at).text)[0]["fields"] for who, at in ((astrid, hers), (bo, his))
    )
    assert astrid.post(hers, data=first | {"body": "Hennes"}).status_code == 303
    assert bo.post(his, data=second | {"body": "Hans"}).status_code == 303
    assert make.section(minutes, "Inledning").body == "Hennes"
    assert make.section(minutes, "Mat som mötesplats").body == "Hans"


def test_the_head_is_not_disturbed_by_those_who_write(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    secretary = staff("secretary")
    at = f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar/huvud"
    fields = forms(secretary.get(at).text)[0]["fields"]
    secretary.submit(address("Inledning", minutes), body="Ny text")
    assert secretary.post(at, data=fields | {"chair": "Anna Berg"}).status_code == 303
    assert make.again(minutes).chair == "Anna Berg"


def test_two_in_the_same_section_keep_both_texts(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    astrid, bo = staff("secretary", name="astrid"), staff("secretary", name="bo")
    at = address("Inledning", minutes)
    hers, his = forms(astrid.get(at).text)[0]["fields"], forms(bo.get(at).text)[0]["fields"]
    evil = '<img src=x onerror="alert(1)">'
    astrid.post(at, data=hers | {"body": f"Gemensamt\n{evil} hennes"})
    answer = bo.post(at, data=his | {"body": f"Gemensamt\n{evil} hans"})
    assert answer.status_code == 409
    assert "<h1>Inledning</h1>" in answer.text
    assert "<img src=x" not in answer.text
    shown = "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;"
    assert f"<mark>{shown} hennes</mark>" in answer.text
    assert f"<mark>{shown} hans</mark>" in answer.text
    assert "Astrid Exempel sparade avsnittet" in answer.text
    assert make.section(minutes, "Inledning").body.endswith("hennes")
    mine = forms(answer.text)[0]
    assert mine["fields"]["body"] == f"Gemensamt\n{evil} hans"
    assert bo.post(mine["action"], data=mine["fields"]).status_code == 303
    db.session.rollback()
    assert make.section(minutes, "Inledning").body.endswith("hans")


def test_the_head_saved_by_another_says_what_was_saved(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    astrid, bo = staff("secretary", name="astrid"), staff("secretary", name="bo")
    at = f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar/huvud"
    his = forms(bo.get(at).text)[0]["fields"]
    astrid.submit(at, chair="Hennes ordförande")
    answer = bo.post(at, data=his | {"chair": "Hans ordförande"})
    assert answer.status_code == 409
    assert "Hennes ordförande" in answer.text
    again = forms(answer.text)[0]["fields"]
    assert again["chair"] == "Hans ordförande"
    assert bo.post(at, data=again).status_code == 303


def test_a_preview_shows_the_text_and_saves_nothing(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    at = address("Inledning", minutes)
    page = staff("secretary").submit(at, body="En *lugn* dag.", preview="1")
    assert page.status_code == 200
    assert "En <em>lugn</em> dag." in page.text
    assert forms(page.text)[0]["fields"]["body"] == "En *lugn* dag."
    assert make.section(minutes, "Inledning").body == "Att dela det som fungerar."


def test_each_page_says_in_its_heading_what_it_is_about(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    secretary = staff("secretary")
    at = address("Mat som mötesplats", minutes)
    new = f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar/avsnitt"
    headings = {
        at: "Mat som mötesplats",
        f"{at}/ta-bort": "Ta bort avsnittet ”Mat som mötesplats”?",
        new: "Nytt avsnitt",
    }
    for one, heading in headings.items():
        assert f"<h1>{heading}</h1>" in secretary.get(one).text


def test_save_and_go_to_the_next_one(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    answer = staff("secretary").submit(address("Mat som mötesplats", minutes), body="x", next="1")
    assert answer.location.endswith(address("Vad händer nu?", minutes))


def test_sections_are_added_moved_and_removed(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    secretary = staff("secretary")
    at = f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar"
    added = secretary.submit(f"{at}/avsnitt", heading="Goda exempel", body="Ett.")
    assert added.status_code == 303
    assert make.headings(minutes)[2:-2] == ["Mat som mötesplats", "Vad händer nu?", "Goda exempel"]
    writing = address("Vad händer nu?", minutes)
    open_form = forms(secretary.get(writing).text)[0]["fields"]
    key = {"form_key": "m" * 20, "csrf_token": open_form["csrf_token"], "step": "up"}
    assert secretary.post(f"{address('Goda exempel', minutes)}/flytta", data=key).status_code == 303
    assert make.headings(minutes)[2:-2] == ["Mat som mötesplats", "Goda exempel", "Vad händer nu?"]
    # Moving past it does not disturb whoever writes in it.
    assert secretary.post(writing, data=open_form | {"body": "Hann"}).status_code == 303
    gone = address("Mat som mötesplats", minutes)
    assert secretary.submit(f"{gone}/ta-bort").status_code == 303
    assert make.headings(minutes)[2:-2] == ["Goda exempel", "Vad händer nu?"]
    assert secretary.get(gone).status_code == 404


def test_what_stands_in_all_minutes_is_neither_moved_nor_removed(
    staff: Callable[..., Client],
) -> None:
    minutes = make.started(make.held())
    secretary = staff("secretary")
    at = address("Inledning", minutes)
    assert secretary.submit(f"{at}/ta-bort").status_code == 422
    fields = forms(secretary.get(at).text)[0]["fields"]
    moved = secretary.post(f"{at}/flytta", data=fields | {"form_key": "n" * 20})
    assert moved.status_code == 422
    secretary.post(at, data=fields | {"heading": "Något annat", "body": "Ny"})
    assert make.headings(minutes)[0] == "Inledning"


def test_removing_what_has_been_rewritten_asks_again(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    secretary = staff("secretary")
    at = address("Mat som mötesplats", minutes)
    fields = forms(secretary.get(f"{at}/ta-bort").text)[0]["fields"]
    secretary.submit(at, body="Mycket viktigt")
    answer = secretary.post(f"{at}/ta-bort", data=fields)
    assert answer.status_code == 409
    assert "Mycket viktigt" in answer.text
    assert "Mat som mötesplats" in make.headings(minutes)


def test_hostile_text_is_shown_as_text_everywhere(
    client: Client, staff: Callable[..., Client]
) -> None:
    event = make.held()
    minutes = make.started(event)
    secretary = staff("secretary")
    preview = secretary.submit(address("Inledning", minutes), body=HOSTILE, preview="1")
    make.published(event, introduction=HOSTILE, closing=HOSTILE)
    public = client.get(f"/evenemang/{event.slug}/dokumentation")
    for page in (preview.text, public.text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert 'href="javascript' not in page
        assert "x.example/y.png" not in re.sub(
            r"<textarea.*?</textarea>", "", page, flags=re.DOTALL
        )
        assert not re.search(r"<img|<b style", page)
        assert 'href="http://ok.example"' in page


def test_a_megabyte_of_text_is_refused_at_once_and_kept(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    secretary = staff("secretary")
    at = address("Inledning", minutes)
    begun = time.process_time()
    too_long = secretary.submit(at, body="*a " * 200_000)
    assert too_long.status_code == 422
    assert "Korta texten" in too_long.text
    assert len(forms(too_long.text)[0]["fields"]["body"]) > 500_000
    assert secretary.submit(at, body="x" * 1_100_000).status_code == 413
    assert time.process_time() - begun < 4
    assert make.section(minutes, "Inledning").body == "Att dela det som fungerar."


@pytest.mark.parametrize(
    "mark", ["[", "*a ", "> ", "`", "![", "<", "- ", "_a_ ", "|a|\n|-|\n", "&"]
)
def test_no_text_that_may_be_saved_takes_long_to_show(
    staff: Callable[..., Client], mark: str
) -> None:
    at = address("Inledning", make.started(make.held()))
    secretary = staff("secretary")
    fields = forms(secretary.get(at).text)[0]["fields"]
    begun = time.process_time()
    page = secretary.post(at, data=fields | {"body": (mark * 20_000)[:19_990], "preview": "1"})
    assert page.status_code == 200
    assert time.process_time() - begun < 3


def test_a_form_without_its_version_overwrites_nothing(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    answer = staff("secretary").submit(address("Inledning", minutes), body="Ny", version=None)
    assert answer.status_code == 422
    assert make.section(minutes, "Inledning").body == "Att dela det som fungerar."


def test_what_was_written_stays_when_its_programme_item_is_removed(
    staff: Callable[..., Client],
) -> None:
    minutes = make.started(make.held())
    section = make.section(minutes, "Mat som mötesplats")
    item_id = section.item_id
    assert item_id is not None
    make.remove_item(item_id)
    db.session.rollback()
    section = make.section(minutes, "Mat som mötesplats")
    assert section.item_id is None


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("admin", 200, 200), ("organiser", 200, 200), ("secretary", 200, 200),
     ("reader", 200, 403), ("check-in", 403, 403)],
)  # fmt: skip
def test_who_reads_and_who_writes(
    staff: Callable[..., Client], role: str, reads: int, writes: int
) -> None:
    minutes = make.started(make.held())
    at = f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar"
    browser = staff(role)
    page = browser.get(at)
    assert page.status_code == reads
    assert browser.get(f"{at}/utkast.pdf").status_code == reads
    section = address("Inledning", minutes)
    for one in (f"{at}/huvud", f"{at}/publicera", f"{at}/avsnitt", section, f"{section}/ta-bort"):
        assert browser.get(one).status_code == writes
    assert ("Granska och publicera" in page.text) is (writes == 200)


def test_another_authority_finds_nothing(staff: Callable[..., Client]) -> None:
    minutes = make.started(make.held())
    stranger = staff("admin", "skane")
    at = f"/arbeta/evenemang/{minutes.event_id}/minnesanteckningar"
    section = address("Inledning", minutes)
    for one in (at, f"{at}/huvud", f"{at}/publicera", f"{at}/utkast.pdf", section):
        assert stranger.get(one).status_code == 404


def test_texts_are_paired_line_by_line() -> None:
    rows = side_by_side("a\nb\nc", "a\nB\nc\nd")
    assert [(row.saved, row.mine, row.changed) for row in rows] == [
        ("a", "a", False), ("b", "B", True), ("c", "c", False), ("", "d", True),
    ]  # fmt: skip


def test_very_long_texts_are_shown_whole() -> None:
    saved, mine = "a\n" * 500, "b\n" * 500
    assert [(row.saved, row.mine) for row in side_by_side(saved, mine)] == [(saved, mine)]
