"""The table of a programme as a browser sends it."""

from tests.reading import forms


def page(event, rest=""):
    return f"/arbeta/evenemang/{event.id}/program{rest}"


def table(browser, event):
    """The fields of the table as it is now."""
    return fields_of(browser.get(page(event)).text)


def fields_of(text):
    """The fields of the table on a page."""
    return next(form["fields"] for form in forms(text) if "rows-0-title" in form["fields"])


def at(fields, title, cell):
    """The name of a cell in the row with that title ("" is the first empty one)."""
    name = next(n for n, value in fields.items() if n.endswith("-title") and value == title)
    return name.removesuffix("title") + cell


def save(browser, event, fields, **more):
    return browser.post(page(event), data=fields | more)
