"""The English catalogue is whole: every word for people has a translation that fits it."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "accounts", "events", "registrations", "minutes", "demo", "templates")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def words():
    methods = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
    for package in PACKAGES:
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / package, methods, keywords=KEYWORDS
        ):
            yield message if isinstance(message, str) else message[0]


@pytest.fixture(scope="module")
def english():
    path = ROOT / "translations/en/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        (m.id if isinstance(m.id, str) else m.id[0]): m for m in catalogue if m.id and not m.fuzzy
    }


def test_every_word_is_in_english(english):
    missing = {
        word for word in words() if word and not all([english.get(word) and english[word].string])
    }
    assert missing == set()


def test_translations_keep_the_placeholders(english):
    wrong = []
    for message in english.values():
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        translated = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set(PLACEHOLDER.findall(" ".join(originals)))
        found = set(PLACEHOLDER.findall(" ".join(translated)))
        if wanted != found:
            wrong.append((originals[0], wanted ^ found))
    assert wrong == []


def test_no_word_is_translated_that_nobody_uses(english):
    assert set(english) - set(words()) == set()


def test_a_page_in_english_has_no_swedish_letters_in_its_frame(client):
    page = client.get("/en/om/kakor").text
    frame = page.split("<main")[0]
    assert 'lang="en"' in page
    assert "Evenemang" not in frame
