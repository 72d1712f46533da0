"""Secret links, as `core.links` has them."""

from core.links import recall, refuse_anothers_form, remember

__all__ = ["recall", "refuse_anothers_form", "remember"]
