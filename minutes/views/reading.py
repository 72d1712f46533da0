"""A document as the templates read it."""

from typing import Any

from minutes.rules import CONTENTS_FROM, Part
from minutes.sentences import adopted, held, organisations, summary


def reading(content: dict[str, Any]) -> dict[str, Any]:
    """`content` with what is said about it in the reader's language."""
    texts = {part["part"]: part["body"] for part in content["parts"]}
    shown = [
        part
        for part in content["parts"]
        if part["body"].strip() or part["part"] in {Part.ITEM, Part.PARTICIPANTS}
    ]
    return {
        "content": content,
        "parts": shown,
        "held": held(content),
        "summary": summary(content["participants"]),
        "organisations": organisations(content["participants"]),
        "participants_note": texts[Part.PARTICIPANTS],
        "with_contents": len(shown) >= CONTENTS_FROM,
        "adopted": adopted(content) if "published" in content else "",
    }
