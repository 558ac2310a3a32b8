"""Where sources disagree about what is the same: ids that exact mappings tie together.

A *clique* here is what would become one entity if every exact mapping were followed as far as it
goes. It is reported where at least one of its mappings was refused: the more entities of the graph
it holds, the worse.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kgsynth.graph.merges import Merge, read_merges
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.twins import MERGED, REFUSED
from kgsynth.identifiers import prefix_of


@dataclass(frozen=True, slots=True)
class Member:
    """An id of a clique.

    Attributes:
        id: The id.
        entity: The entity of the graph that it stands for, or "".
        name: That entity's name, or "".
        unfit: Why the entity is no answer; empty where it is fit.
    """

    id: str
    entity: str
    name: str
    unfit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clique:
    """Ids that exact mappings tie together, of which at least one was refused.

    Attributes:
        entities: How many entities of the graph it holds.
        doubled: Authorities of which it holds two ids or more.
        members: Its ids, those of one entity together.
        refused: The mappings that were refused.
    """

    entities: int
    doubled: tuple[str, ...]
    members: tuple[Member, ...]
    refused: tuple[Merge, ...]


def cliques(graph: KnowledgeGraph) -> list[Clique]:
    """Return the cliques of a graph, the worst first.

    The worst holds the most entities of the graph; of two, the one with more ids.
    """
    rows = [
        Merge(**row) for row in read_merges(graph.folder).to_pylist() if row["predicate"] == "exact"
    ]
    refused = [row for row in rows if row.decision == REFUSED]
    parts = _Parts()
    for row in rows:
        parts.join(row.subject, row.object)
    leader = {
        curie: row.leader
        for row in rows
        if row.decision == MERGED
        for curie in (row.subject, row.object)
    }
    by_part: dict[str, list[Merge]] = defaultdict(list)
    for row in refused:
        by_part[parts.find(row.subject)].append(row)
    ids: dict[str, list[str]] = defaultdict(list)
    for curie in sorted(parts.known):
        if parts.find(curie) in by_part:
            ids[parts.find(curie)].append(curie)
    found = [_clique(graph, ids[part], by_part[part], leader) for part in by_part]
    return sorted(found, key=lambda one: (-one.entities, -len(one.members), one.members[0].id))


def _clique(
    graph: KnowledgeGraph, ids: Sequence[str], refused: list[Merge], leader: dict[str, str]
) -> Clique:
    members = []
    for curie in ids:
        entity = leader.get(curie, curie)
        if entity not in graph:
            members.append(Member(curie, "", "", ()))
            continue
        row = graph.index_of(entity)
        unfit = tuple(graph.column("unfit")[row].as_py() or ())
        members.append(Member(curie, entity, graph.name_of(row), unfit))
    members.sort(key=lambda one: (one.entity == "", one.entity, one.id != one.entity, one.id))
    prefixes = [prefix_of(curie) for curie in ids]
    return Clique(
        entities=len({one.entity for one in members if one.entity}),
        doubled=tuple(sorted({one for one in prefixes if prefixes.count(one) > 1})),
        members=tuple(members),
        refused=tuple(refused),
    )


class _Parts:
    """Connected ids: union and find with path halving."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def find(self, curie: str) -> str:
        """Return the id that stands for the part."""
        known = self.known
        known.setdefault(curie, curie)
        while known[curie] != curie:
            known[curie] = known[known[curie]]
            curie = known[curie]
        return curie

    def join(self, one: str, other: str) -> None:
        """Make two parts one; the smaller id stands for it."""
        first, second = sorted((self.find(one), self.find(other)))
        self.known[second] = first
