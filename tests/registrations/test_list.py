"""The organiser's list: search, filters, order, pages, and what it costs."""

import re

import pytest

from core.reference import Sector
from events.rules import Mode
from registrations.rules import Status
from tests.registrations import make
from tests.registrations.make_lists import come, crowd, statements, url


def names(page):
    """The surnames in the list, in its order."""
    listed = page.text.partition('role="region"')[2].partition("</table>")[0]
    return [
        re.sub(r"<[^>]+>", "", cell).split(",")[0].strip()
        for cell in re.findall(r'<th scope="row">(.*?)</th>', listed, re.DOTALL)
    ]


@pytest.fixture
def event(app):
    """A conference with people from here and there."""
    event = make.conference(room=2, online=None)
    for n, (last, organisation, municipality, mode) in enumerate([
        ("Öberg", "Tranås kommun", "0687", Mode.ROOM),
        ("Zetterström", "Ängelholms kommun", "1292", Mode.ROOM),
        ("Åkesson", "Bryggan", None, Mode.ROOM),
        ("Ärlig", "Åtvidabergs kommun", "0561", Mode.ONLINE),
    ]):  # fmt: skip
        make.registration(
            event, n, last_name=last, organisation=organisation, municipality=municipality,
            mode=mode, sector=Sector.CIVIL_SOCIETY if not municipality else Sector.MUNICIPALITY,
        )  # fmt: skip
    return event


def test_names_stand_in_swedish_order(event, staff):
    page = staff().get(url(event))
    assert names(page) == ["Zetterström", "Åkesson", "Ärlig", "Öberg"]


def test_the_order_can_be_turned_and_organisations_sorted(event, staff):
    browser = staff()
    assert names(browser.get(url(event) + "?sortera=-namn")) == [
        "Öberg", "Ärlig", "Åkesson", "Zetterström",
    ]  # fmt: skip
    assert names(browser.get(url(event) + "?sortera=organisation")) == [
        "Åkesson", "Öberg", "Ärlig", "Zetterström",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "sortera=password_hash", "sortera=name;DROP TABLE", "sortera=--namn", "status=allt",
        "deltar=x", "sektor=1", "kom=kanske",
        "lan=99", "lan=0%25", "val=1", "val=utan:x", "val=id", "sortera=protected",
        "sida=0", "sida=-1", "sida=abc", "sida=1e9",
    ],
)  # fmt: skip
def test_what_the_list_does_not_know_is_400(event, staff, query):
    answer = staff().get(f"{url(event)}?{query}")
    assert answer.status_code == 400
    assert "adressen" in answer.text.casefold()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("öBERG", ["Öberg"]), ("tranås", ["Öberg"]), ("Bryggan", ["Åkesson"]),
        ("ängelholm", ["Zetterström"]), ("ada åkes", ["Åkesson"]), ("%", []), ("_", []),
        ("' OR 1=1 --", []), ("kommun", ["Zetterström", "Ärlig", "Öberg"]),
    ],
)  # fmt: skip
def test_search_finds_name_organisation_and_municipality(event, staff, text, found):
    page = staff().get(url(event), query_string={"q": text})
    assert names(page) == found


@pytest.mark.parametrize("text", ["\x00", "å" * 5000, "\u202e", "{{7*7}}", "<script>"])
def test_odd_searches_find_nothing_and_break_nothing(event, staff, text):
    page = staff().get(url(event), query_string={"q": text})
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_filters_for_status_mode_sector_and_who_came(event, staff):
    browser = staff()
    come(make.registration(event, 9, last_name="Norén", mode=Mode.ONLINE))

    def with_(query):
        return names(browser.get(f"{url(event)}?{query}"))

    assert with_("status=waiting") == ["Åkesson"]
    assert with_("deltar=online") == ["Norén", "Ärlig"]
    assert with_("sektor=civil_society&deltar=room") == ["Åkesson"]
    assert with_("kom=ja") == ["Norén"]
    assert "Norén" not in with_("kom=nej")
    assert with_("status=&deltar=&sektor=&kom=&q=") == [
        "Norén", "Zetterström", "Åkesson", "Ärlig", "Öberg",
    ]  # fmt: skip


def test_filters_for_county_and_for_what_was_chosen(app, staff):
    event = make.conference(room=None)
    school, homes = make.parallel(event, group="11.00", seats=(9, None))
    (late, *_) = make.parallel(event, group="14.00", seats=(9,))
    make.registration(event, 1, last_name="Ek", municipality="0680", choices=(school.id, late.id))
    make.registration(event, 2, last_name="Alm", municipality="1280", choices=(homes.id,))
    make.registration(event, 3, last_name="Sten")
    browser = staff()

    def with_(query):
        return names(browser.get(url(event), query_string=query))

    assert with_({"lan": "06"}) == ["Ek"]
    assert with_({"lan": "12", "val": homes.id}) == ["Alm"]
    assert with_({"val": school.id}) == ["Ek"]
    assert with_({"val": "utan:11.00"}) == ["Sten"]
    assert with_({"val": "utan:14.00"}) == ["Alm", "Sten"]
    page = browser.get(url(event), query_string={"val": "utan:14.00"}).text
    assert re.search(r'<option value="utan:14.00" selected>', page)
    elsewhere = make.conference(room=None)
    other = make.parallel(elsewhere, seats=(None,))[0]
    assert browser.get(url(event), query_string={"val": other.id}).status_code == 400


def test_numbers_and_the_place_in_the_queue_are_shown(event, staff):
    make.registration(event, 8, last_name="Sist")
    page = staff().get(url(event)).text
    assert re.search(r"<b>3</b><span><a[^>]*>har plats", page)
    assert re.search(r"<b>2</b><span><a[^>]*>på reservlistan", page)
    assert "Reserv 1" in page
    assert "Reserv 2" in page


def test_fifty_to_a_page_and_a_way_to_the_next(app, staff):
    event = make.conference(room=None)
    crowd(event, 60)
    browser = staff()
    first, second = browser.get(url(event)), browser.get(url(event) + "?sida=2&q=öberg")
    assert len(names(first)) == 50
    assert len(names(second)) == 10
    assert "sida=2" in first.text
    assert "Sida 2 av 2" in second.text
    assert "q=%C3%B6berg" in second.text
    assert names(browser.get(url(event) + "?sida=99")) == names(second)


def test_a_page_costs_the_same_for_one_and_for_sixty(app, staff):
    browser = staff()
    small, large = make.conference(), make.conference(room=None)
    crowd(small, 1, came=1)
    crowd(large, 60, came=30)
    costs = []
    for event in (small, large):
        browser.get(url(event))
        with statements() as asked:
            assert browser.get(url(event)).status_code == 200
        costs.append(len([s for s in asked if s.startswith("SELECT")]))
    assert costs[0] == costs[1]
    assert costs[0] <= 13


def test_an_empty_list_says_what_will_be_here(app, staff):
    page = staff().get(url(make.conference()))
    assert "Här kommer de som anmäler sig" in page.text


def test_roles_that_may_see_the_list_and_those_that_may_not(event, staff, client):
    for role, code in [("admin", 200), ("organiser", 200), ("secretary", 200), ("reader", 200),
                       ("check-in", 403)]:  # fmt: skip
        assert staff(role).get(url(event)).status_code == code, role
    assert staff("admin", "skane").get(url(event)).status_code == 404
    assert client.get(url(event)).status_code == 302


def test_the_list_is_never_kept_by_browsers(event, staff):
    assert staff().get(url(event)).headers["Cache-Control"] == "no-store"


def test_cancelled_ones_stay_in_the_list_under_their_status(event, staff):
    make.registration(event, 7, last_name="Borta", status=Status.CANCELLED)
    assert names(staff().get(url(event) + "?status=cancelled")) == ["Borta"]


def test_the_columns_are_chosen_by_each_and_remembered(event, staff):
    browser, other = staff(), staff("reader")
    headings = re.compile(r'<th scope="col"[^>]*>\s*(?:<a[^>]*>)?([^<]+?)\s*<')

    def shown(who):
        return headings.findall(who.get(url(event)).text.partition('role="region"')[2])[:13]

    assert shown(browser)[:4] == ["Namn", "Status", "Kom", "Organisation"]
    answer = browser.submit(url(event), 0, columns=["county", "sector", "source"])
    assert answer.status_code == 303
    assert shown(browser)[:4] == ["Namn", "Sektor", "Län", "Anmäld via"]
    page = browser.get(url(event)).text
    assert "<td>Jönköping</td>" in page
    assert "<td>Civilsamhälle</td>" in page
    assert shown(other)[:2] == ["Namn", "Status"]
    assert shown(browser) == shown(staff())  # signed in anew
    nonsense = browser.submit(url(event), 0, columns=["password_hash"])
    assert nonsense.status_code == 422
    assert "Välj bland alternativen" in nonsense.text


def test_what_was_chosen_can_stand_in_the_list(app, staff):
    event = make.conference(room=None)
    school, homes = make.parallel(event, seats=(9, None))
    make.registration(event, 1, choices=(school.id,))
    make.registration(event, 2, choices=(homes.id,))
    browser = staff()
    browser.submit(url(event), 0, columns=["choices"])
    page = browser.get(url(event)).text
    assert f"<td>{school.title}</td>" in page
    assert f"<td>{homes.title}</td>" in page


def test_filters_stand_as_chips_that_can_be_taken_away(event, staff):
    browser = staff()
    page = browser.get(url(event), query_string={"q": "kommun", "lan": "06", "kom": "nej"}).text
    chips = re.findall(r'<li><a href="([^"]+)">.*?</span>\s*(.*?) <span', page)
    assert [word for _address, word in chips] == ["”kommun”", "Jönköpings län", "Har inte kommit"]
    without = chips[1][0].replace("&amp;", "&")
    assert names(browser.get(without)) == ["Zetterström", "Ärlig", "Öberg"]


def test_some_can_be_named_one_by_one_and_only_of_this_event(event, staff):
    browser = staff()
    mine = make.registration(event, 5, last_name="Enkel")
    strange = make.registration(make.conference(), 6, last_name="Annan")
    found = names(browser.get(f"{url(event)}?vald={mine.id},{strange.id}"))
    assert found == ["Enkel"]
