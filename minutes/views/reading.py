"""A document as the templates read it."""

from typing import Any

from minutes.rules import CONTENTS_FROM
from minutes.sentences import adopted, held, organisations, readable, summary


def reading(content: dict[str, Any]) -> dict[str, Any]:
    """`content` with what is said about it in the reader's language."""
    shown = readable(content)
    return {
        "content": content,
        "parts": shown,
        "held": held(content),
        "summary": summary(content["participants"]),
        "organisations": organisations(content["participants"]),
        "with_contents": len(shown) >= CONTENTS_FROM,
        "adopted": adopted(content) if "published" in content else "",
    }
