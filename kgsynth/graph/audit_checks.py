"""What may be wrong with a graph, each counted with a few examples."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.closure import circles
from kgsynth.graph.index import CONTESTED
from kgsynth.graph.merges import read_merges
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.twins import REASONS

#: How many examples are kept of each.
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found: its title, how many, and a few of them."""

    title: str
    count: int
    examples: tuple[str, ...] = ()


Rows = NDArray[np.int64]


def run(graph: KnowledgeGraph) -> dict[str, Found]:
    """Return what each check of a graph found, by the name of its limit."""
    checks: dict[str, Callable[[KnowledgeGraph], Found]] = {
        "cycles": _cycles,
        "dangling": _dangling,
        "domain_range": _domain_range,
        "unsupported": _unsupported,
        "isolated": _isolated,
        "unnamed": _unnamed,
        "same_name": _same_name,
        "refused": _refused,
        "unmerged": _unmerged,
        "contested": _contested,
        "functional": _functional,
    }
    return {name: check(graph) for name, check in checks.items()}


def _cycles(graph: KnowledgeGraph) -> Found:
    rows = graph.csr("subclass_of").rows.astype(np.int64)
    tails = _tails(graph, rows)
    bad = rows[circles(tails, graph.adjacency.objects[rows].astype(np.int64))]
    return Found("edges on circles of subclass_of", len(bad), _edges(graph, bad))


def _dangling(graph: KnowledgeGraph) -> Found:
    ids, edges = graph.column("id"), graph.edges()
    bad = np.zeros(len(edges), dtype=np.bool_)
    for end in ("subject", "object"):
        bad |= ~np.asarray(pc.is_in(edges[end].chunk(0), value_set=ids))
    rows = np.flatnonzero(bad)
    return Found("edges with an end that is no entity", len(rows), _edges(graph, rows))


def _domain_range(graph: KnowledgeGraph) -> Found:
    kinds = graph.column("category").dictionary_encode()
    codes, names = kinds.indices.to_numpy(), kinds.dictionary.to_pylist()
    bad = []
    for predicate in graph.predicates:
        known = PREDICATES.get(predicate)
        if known is None or not (known.domain or known.range):
            continue
        for negated in (False, True):
            rows = graph.csr(predicate, negated=negated).rows.astype(np.int64)
            ends = (_tails(graph, rows), graph.adjacency.objects[rows])
            wrong = np.zeros(len(rows), dtype=np.bool_)
            for end, allowed in zip(ends, (known.domain, known.range), strict=True):
                good = [code for code, name in enumerate(names) if name in allowed]
                wrong |= ~np.isin(codes[end], good) if allowed else False
            bad.append(rows[wrong])
    rows = np.concatenate(bad) if bad else np.zeros(0, dtype=np.int64)
    title = "edges between categories that their predicate does not join"
    return Found(title, len(rows), _edges(graph, rows))


def _unsupported(graph: KnowledgeGraph) -> Found:
    lengths = pc.fill_null(pc.list_value_length(graph.edges()["evidence"].chunk(0)), 0)
    rows = np.flatnonzero(lengths.to_numpy(zero_copy_only=False) == 0)
    return Found("edges without evidence", len(rows), _edges(graph, rows))


def _isolated(graph: KnowledgeGraph) -> Found:
    alone = np.flatnonzero(graph.adjacency.degrees() == 0)
    return Found("entities without parent and without any edge", len(alone), _nodes(graph, alone))


def _unnamed(graph: KnowledgeGraph) -> Found:
    same = np.asarray(pc.equal(graph.column("id"), graph.column("name")))
    rows = np.flatnonzero(same)
    return Found("entities whose name is their id", len(rows), _nodes(graph, rows))


def _same_name(graph: KnowledgeGraph) -> Found:
    """Entities of one category that share a name: twins that nobody merged, perhaps."""
    keys = pc.binary_join_element_wise(
        graph.column("category"), pc.utf8_lower(graph.column("name")), "|"
    ).dictionary_encode()
    codes = keys.indices.to_numpy()
    shared = np.flatnonzero(np.bincount(codes, minlength=len(keys.dictionary)) > 1)
    examples = []
    for code in shared[:EXAMPLES].tolist():
        places = np.flatnonzero(codes == code)
        ids = ", ".join(graph.id_of(int(place)) for place in places[:4])
        examples.append(f"{graph.name_of(int(places[0]))}: {ids}")
    title = "names that several entities of one category share"
    return Found(title, len(shared), tuple(examples))


def _refused(graph: KnowledgeGraph) -> Found:
    table = read_merges(graph.folder)
    table = table.filter(pc.equal(table["decision"], "refused"))
    examples = tuple(
        f"{one['subject']} = {one['object']}: {REASONS.get(one['reason'], one['reason'])}"
        for one in table.slice(0, EXAMPLES).to_pylist()
    )
    return Found("exact mappings that were refused", len(table), examples)


def _unmerged(graph: KnowledgeGraph) -> Found:
    """Records beside their own twin, unfit as answers, with why each was not merged."""
    unfit = graph.column("unfit")
    owners = pc.list_parent_indices(unfit).filter(pc.equal(pc.list_flatten(unfit), "unmerged"))
    ids = graph.column("id").take(owners)
    table = read_merges(graph.folder)
    table = table.filter(pc.equal(table["decision"], "refused"))
    why: dict[str, str] = {}
    for end in ("object", "subject"):
        mine = table.filter(pc.is_in(table[end], value_set=ids))
        why.update(zip(mine[end].to_pylist(), mine["reason"].to_pylist(), strict=True))
    counts = Counter(why.get(curie, "") for curie in ids.to_pylist())
    examples = [f"{number} because {REASONS[one]}" for one, number in counts.most_common() if one]
    examples += _nodes(graph, owners.to_pylist()[:EXAMPLES])
    title = "records that stand beside their own twin and are no answers"
    return Found(title, len(ids), tuple(examples[:EXAMPLES]))


def _contested(graph: KnowledgeGraph) -> Found:
    rows = np.flatnonzero(graph.flags & CONTESTED)
    title = "edges that are asserted and denied, or proposed by a machine only"
    return Found(title, len(rows), _edges(graph, rows))


def _functional(graph: KnowledgeGraph) -> Found:
    count, examples = 0, []
    functional = [one for one in PREDICATES.values() if one.functional]
    for one in functional:
        several = np.flatnonzero(np.diff(graph.csr(one.name).indptr) > 1)
        kinds = graph.column("category").take(pa.array(several))
        bad = several[np.asarray(pc.is_in(kinds, pa.array(one.functional)))]
        count += len(bad)
        examples += [f"{graph.id_of(int(at))} {one.name}" for at in bad[:EXAMPLES]]
    title = f"genes, proteins and variants with several {', '.join(one.name for one in functional)}"
    return Found(title, count, tuple(examples[:EXAMPLES]))


def _tails(graph: KnowledgeGraph, rows: Rows) -> Rows:
    """Return the subjects of edge rows."""
    return np.searchsorted(graph.adjacency.starts, rows, side="right") - 1


def _edges(graph: KnowledgeGraph, rows: Rows) -> tuple[str, ...]:
    table = graph.edges().select(["subject", "predicate", "object", "negated"])
    return tuple(
        f"{one['subject']} {'NOT ' if one['negated'] else ''}{one['predicate']} {one['object']}"
        for one in table.take(pa.array(rows[:EXAMPLES])).to_pylist()
    )


def _nodes(graph: KnowledgeGraph, places: Iterable[int]) -> tuple[str, ...]:
    first = list(places)[:EXAMPLES]
    return tuple(f"{graph.id_of(int(at))} {graph.name_of(int(at))}" for at in first)
