"""Speakers: asked by letter, what they tell and consent to, and what may be shown of them now."""
