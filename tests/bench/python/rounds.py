"""Rounds in which every way has its turn, and what they say: medians, and medians of each round's ratio."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Ways = Mapping[str, Callable[[], object]]


@dataclass
class Turn:
    """What one way took in one round, in milliseconds; the processor's time is of all threads of this process."""

    wall: float
    processor: float


@dataclass
class Taken:
    """What each way took, round by round."""

    turns: dict[str, list[Turn]]

    def median(self, way: str, kind: str = "wall") -> float:
        return statistics.median(getattr(turn, kind) for turn in self.turns[way])

    def ratio(self, way: str, other: str, kind: str = "wall") -> float:
        pairs = zip(self.turns[way], self.turns[other], strict=True)
        return statistics.median(getattr(a, kind) / getattr(b, kind) for a, b in pairs)


def interleaved(ways: Ways, rounds: int) -> Taken:
    """Times each way in each round, after one that opens connections. All ways must come to the same."""
    found = {name: way() for name, way in ways.items()}
    first = next(iter(found.values()))
    assert all(value == first for value in found.values()), found
    turns: dict[str, list[Turn]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            wall, processor = time.perf_counter(), time.process_time()
            way()
            turns[name].append(
                Turn((time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3)
            )
    return Taken(turns)


def show(title: str, taken: Taken, ours: str, reaches: Mapping[str, float]) -> None:
    """One line a way, with how ours compares with it and how it was to."""
    print(f"\n{title}")
    print(f"{'':<22} {'wall ms':>9} {'cpu ms':>9} {'ours ÷ it':>10} {'cpu ÷':>7}  reach")
    for way in taken.turns:
        wall, processor = taken.median(way), taken.median(way, "processor")
        ratio, of_processor = taken.ratio(ours, way), taken.ratio(ours, way, "processor")
        reach = reaches.get(way)
        judged = "" if reach is None else f"{reach:.3f} {'reached' if ratio <= reach else 'MISSED'}"
        print(f"{way:<22} {wall:>9.1f} {processor:>9.1f} {ratio:>10.3f} {of_processor:>7.3f}  {judged}")
