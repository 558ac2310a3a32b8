"""What rows come to: counted by whoever makes them, by portions, and put together at the end.

Of a portion of which every row counts nothing needs to be read again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kgsynth.datasets.counted import read_counted
from kgsynth.datasets.coverage import CoverageCount, Covered, Wanted
from kgsynth.datasets.tally import Tally, merge
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row


@dataclass(slots=True)
class Totals:
    """What some rows come to.

    Attributes:
        places: The places of the rows in mining order.
        tally: What the card says of them.
        covered: What they cover of their graph.
    """

    places: set[int] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)
    covered: Covered = field(default_factory=Covered)

    def add(self, place: int, row: Row, graph: KnowledgeGraph, wanted: Sequence[Wanted]) -> None:
        """Count a row."""
        self.places.add(place)
        self.tally.add(row)
        CoverageCount(graph, wanted, self.covered).add(row)


def totals_of(
    rows: Iterable[tuple[int, bytes]],
    portions: Iterable[Totals],
    graph: KnowledgeGraph,
    wanted: Sequence[Wanted],
) -> Totals:
    """Return what the rows of a run come to.

    Args:
        rows: The place and the line of each row that counts.
        portions: What was counted before, of these rows and of others; not used any more.
        graph: The graph that they were made from.
        wanted: The quotas of the run.
    """
    found, left = Totals(), dict(rows)
    for portion in portions:
        if portion.places <= left.keys():
            merge(found, portion)
            for place in portion.places:
                del left[place]
    for place, line in left.items():
        found.add(place, read_counted(line, f"question {place}"), graph, wanted)
    return found
