"""Named places where a lower package calls and a higher one answers."""

from collections.abc import Callable
from typing import Any


class Hook:
    """Calls everything that was put in it, in that order. Filling twice changes nothing."""

    def __init__(self) -> None:
        self.called: list[Callable[..., Any]] = []

    def fill(self, function: Callable[..., Any]) -> None:
        """Have `function` called too."""
        if function not in self.called:
            self.called.append(function)

    def __call__(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Call them all; their answers."""
        return [function(*args, **kwargs) for function in self.called]
