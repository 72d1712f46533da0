"""Pages as a browser reads them: the forms and what stands in them."""

from html.parser import HTMLParser
from typing import Any

NOT_SENT = {"file", "submit", "button", "reset", "image"}


def forms(html: str) -> list[dict[str, Any]]:
    """The POST forms of a page: action, enctype and the fields as a browser would send them."""
    reader = _Reader()
    reader.feed(html)
    return [form for form in reader.found if form["method"] == "post"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self.form: dict[str, Any] | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = getattr(self, f"start_{tag}", None)
        if start:
            start({name: value or "" for name, value in attrs})

    def handle_data(self, data: str) -> None:
        if self.area and self.form is not None:
            self.form["fields"][self.area] += data.replace("\r\n", "\n").removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            self.found.append(self.form)
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def start_form(self, a: dict[str, str]) -> None:
        self.form = {
            "action": a.get("action", ""), "method": a.get("method", "get").lower(),
            "enctype": a.get("enctype", ""), "fields": {},
        }  # fmt: skip

    def start_input(self, a: dict[str, str]) -> None:
        kind = a.get("type", "text")
        ticked = kind not in {"checkbox", "radio"} or "checked" in a
        if ticked and kind not in NOT_SENT:
            self._put(a.get("name", ""), a.get("value") or ("y" if kind == "checkbox" else ""))

    def start_select(self, a: dict[str, str]) -> None:
        self.select = a.get("name", "")
        if self.form is not None and self.select:
            self.form["fields"].setdefault(self.select, "")

    def start_option(self, a: dict[str, str]) -> None:
        if self.form is not None and self.select and "selected" in a:
            self.form["fields"][self.select] = a.get("value", "")

    def start_textarea(self, a: dict[str, str]) -> None:
        self.area = a.get("name", "")
        if self.form is not None and self.area:
            self.form["fields"][self.area] = ""

    def _put(self, name: str, value: str) -> None:
        if self.form is None or not name:
            return
        fields = self.form["fields"]
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
