"""Who of those that lose their first choice can have their second: a flow, kept step by step."""

from collections import deque
from dataclasses import dataclass, field

Pair = tuple[int | None, int | None]


@dataclass
class Seconds:
    """A greatest flow of second choices, kept while people are settled one by one.

    `losing`: how many are still to lose each first choice (None: had none that was open);
    `spare`: seats left for second choices; `rivals`: how many unsettled people have each pair;
    `flow`: how many of them get their second.
    """

    losing: dict[int | None, int]
    spare: dict[int | None, int]
    rivals: dict[Pair, int]
    flow: dict[Pair, int] = field(default_factory=dict)

    def settle(self, first: int | None, second: int | None, *, loses: int, seat: int) -> bool:
        """Settle one person, if as many others get their second as before; whether it was done."""
        trial = Seconds(dict(self.losing), dict(self.spare), dict(self.rivals), dict(self.flow))
        needed = sum(self.flow.values()) - seat
        pair = (first, second)
        trial.losing[first] -= loses
        if second is not None and pair in trial.rivals:
            trial.rivals[pair] -= 1
            trial.spare[second] -= seat
            if seat and trial.flow.get(pair):
                trial.flow[pair] -= 1
        if trial.losing[first] < 0 or (second is not None and trial.spare[second] < 0):
            return False
        if not trial.fits(first, second):
            trial.trim(first, second)
            trial.grow()
        if sum(trial.flow.values()) < needed:
            return False
        self.losing, self.spare = trial.losing, trial.spare
        self.rivals, self.flow = trial.rivals, trial.flow
        return True

    def fits(self, first: int | None, second: int | None) -> bool:
        """Whether the flow keeps within what has just been lowered."""
        pair = (first, second)
        return (
            self.flow.get(pair, 0) <= self.rivals.get(pair, 0)
            and self._out_of(first) <= self.losing[first]
            and (second is None or self._into(second) <= self.spare[second])
        )

    def trim(self, first: int | None, second: int | None) -> None:
        """Lower the flow until it fits."""
        for pair in [p for p in self.flow if p == (first, second)] + list(self.flow):
            over = max(
                self.flow[pair] - self.rivals[pair],
                self._out_of(pair[0]) - self.losing[pair[0]],
                self._into(pair[1]) - self.spare[pair[1]],
            )
            self.flow[pair] -= max(0, min(over, self.flow[pair]))

    def grow(self) -> None:
        """Raise the flow along augmenting paths until it is the greatest there is."""
        while path := self._path():
            most = [self.losing[path[0][0]] - self._out_of(path[0][0])]
            most.append(self.spare[path[-1][1]] - self._into(path[-1][1]))
            for step, pair in enumerate(path):
                used = self.flow.get(pair, 0)
                most.append(used if step % 2 else self.rivals[pair] - used)
            for step, pair in enumerate(path):
                self.flow[pair] = self.flow.get(pair, 0) + (-1 if step % 2 else 1) * min(most)

    def _path(self) -> list[Pair]:
        """A shortest way from a lost first choice to a spare seat: pairs, every other backwards."""
        reached: dict[int | None, list[Pair]] = {
            first: []
            for first, number in self.losing.items()
            if number and self._out_of(first) < number
        }
        ahead = deque(reached)
        tried = set()
        while ahead:
            first = ahead.popleft()
            for pair in self.rivals:
                if pair[0] != first or pair[1] in tried:
                    continue
                if self.flow.get(pair, 0) >= self.rivals[pair]:
                    continue
                way = [*reached[first], pair]
                if self._into(pair[1]) < self.spare[pair[1]]:
                    return way
                tried.add(pair[1])
                for back, used in self.flow.items():
                    if back[1] == pair[1] and used and back[0] not in reached:
                        reached[back[0]] = [*way, back]
                        ahead.append(back[0])
        return []

    def _out_of(self, first: int | None) -> int:
        return sum(used for pair, used in self.flow.items() if pair[0] == first)

    def _into(self, second: int | None) -> int:
        return sum(used for pair, used in self.flow.items() if pair[1] == second)
