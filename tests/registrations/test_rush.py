"""A crowd races over HTTP for too few seats while limits change and workers are killed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bench import rush

TINY = rush.Size(
    people=60, room=6, session=2, dinner=2, kept=1, most=3, cancels=0, kills=0, clients=20,
    workers=2, seconds=60,
)  # fmt: skip


def race_at(url: str, size: rush.Size, **settings: str) -> dict[str, Any]:
    """In a thread of its own: a browser test may have left its event loop running in this one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(rush.run, url, size, **settings).result()


@pytest.mark.slow
def test_no_limit_is_exceeded_and_nobody_is_lost(database_url: str) -> None:
    race = race_at(database_url, rush.SMALL)
    assert race["wrong"] == []
    assert race["counts"]["killed"] == rush.SMALL.kills
    assert race["counts"]["cancelled"] == rush.SMALL.cancels
    assert race["counts"]["edits"] > 5
    assert race["looked"] > 5


@pytest.mark.slow
def test_without_the_lock_the_same_race_is_lost(database_url: str) -> None:
    race = race_at(database_url, TINY, SAMLING_UNSAFE_SEATS="on")
    assert any("har plats, men det finns bara" in line for line in race["wrong"])
