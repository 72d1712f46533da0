"""The history of one registration: what changed, by whom, what was sent."""

import re

from events.rules import Mode
from tests.registrations import make
from tests.registrations.make_lists import url


def lines(page):
    log = page.text.partition('<ol class="log">')[2].partition("</ol>")[0]
    return [re.sub(r"<[^>]+>", " ", line) for line in re.findall(r"<li>(.*?)</li>", log, re.DOTALL)]


def test_it_tells_from_what_to_what_and_what_was_sent(app, staff, post):
    event = make.conference(online=None)
    person = make.registration(event, 1, municipality="0680")
    post()
    browser = staff()
    address = url(event, f"deltagare/{person.id}")
    browser.submit(
        f"{address}/andra", mode=Mode.ONLINE.value, municipality="0687", email="ny@example.se"
    )
    told = lines(browser.get(address))
    changed = next(line for line in told if "Ändrad" in line)
    assert "Deltar: I salen → På nätet" in changed
    assert "Kommun: Jönköping → Tranås" in changed
    assert "E-post" in changed
    assert "@" not in changed
    assert "Organiser Exempel" in changed
    assert any("Mejl" in line and "Skickat" in line for line in told)
    assert any("Mejl" in line and "Väntar" in line for line in told)


def test_of_a_protected_person_only_the_names_of_fields_are_kept(app, staff):
    event = make.conference()
    person = make.registration(event, 1, protected=True, municipality="0680")
    browser = staff()
    address = url(event, f"deltagare/{person.id}")
    browser.submit(f"{address}/andra", municipality="0687")
    changed = next(line for line in lines(browser.get(address)) if "Ändrad" in line)
    assert "Kommun" in changed
    assert "Tranås" not in changed
