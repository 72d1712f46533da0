"""For staff."""

from minutes.views.manage import addenda, draft, publishing, sections

__all__ = ["addenda", "draft", "publishing", "sections"]
