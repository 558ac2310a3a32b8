"""Many statements become edges: one for each (subject, predicate, object, negated), all evidence.

A statement whose entity nobody describes, whose category does not fit its predicate, or that
would make ``subclass_of`` a circle is rejected with the file and line that made it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import astuple, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.closure import circles
from kgsynth.graph.columns import (
    Bool,
    Int32,
    Int64,
    concat,
    decode,
    encode,
    find,
    firsts,
    narrow,
    numbers,
)
from kgsynth.graph.identity import Identity
from kgsynth.identifiers import prefix_of
from kgsynth.sources.base import Credit, Rejections, SourceData

#: Returns the code and the detail of the rejection of one statement row.
Explain = Callable[[int], tuple[str, str]]

#: What tells two evidences of one source apart.
_SAID = ("reference", "code", "frequency")
_TEXTS = (*_SAID, "onset", "sex", "modifier", "date")
_INT64 = 1 << 63


@dataclass
class Statements:
    """All statements of all sources as columns, resolved to entities.

    Attributes:
        subject: shape (n,), int64; the code of the leading id.
        object: shape (n,), int64; likewise.
        predicate: shape (n,), int32; index into `predicates`.
        predicates: Names of the predicates, ascending.
        negated: shape (n,).
        source: shape (n,), int32; index into `sources`.
        sources: Who says it, ascending: sources, and those whose word they pass on.
        texts: ``reference``, ``code`` …: codes, in integers of any size, and the values that
            they stand for, ascending.
        numbers: ``affected``, ``examined`` (-1: not given), ``share_low`` (NaN: not given).
        read: How many there were before any was rejected.
    """

    subject: Int64
    object: Int64
    predicate: Int32
    predicates: list[str]
    negated: Bool
    source: Int32
    sources: list[Credit]
    texts: dict[str, tuple[NDArray[Any], pa.Array]]
    numbers: dict[str, NDArray[np.float64]]
    read: int

    def __len__(self) -> int:
        return len(self.source)

    def forget_ends(self) -> None:
        """Let go of what edges have too: of ten million statements half a gigabyte."""
        self.subject = self.object = np.zeros(0, dtype=np.int64)
        self.predicate, self.negated = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.bool_)

    def keep(self, rows: Bool) -> None:
        """Drop all other rows."""
        self.subject, self.object = self.subject[rows], self.object[rows]
        self.predicate, self.negated = self.predicate[rows], self.negated[rows]
        self.source = self.source[rows]
        self.texts = {name: (codes[rows], words) for name, (codes, words) in self.texts.items()}
        self.numbers = {name: values[rows] for name, values in self.numbers.items()}


def gather(
    sources: Mapping[str, SourceData],
    identity: Identity,
    categories: tuple[Int32, list[str]],
    credits: Mapping[str, Credit],
    rejections: Rejections,
    excerpts: Collection[str] = (),
) -> Statements:
    """Return the statements that can be edges; reject the others.

    Args:
        sources: Name of each source and what it says.
        identity: What every id stands for.
        categories: Category of every id (index, -1 unknown) and the names of the categories.
        credits: How each source is named in the evidence of what it says itself.
        rejections: Gets ``unknown_id``, ``not_loaded`` (of an authority that no source describes
            as a whole), ``unmerged_id``, ``obsolete_id``, ``wrong_category``, ``self_loop``,
            ``reflexive`` (stated of one id and itself), ``circle`` and ``circle_of_sources``
            (that only several sources make together).
        excerpts: Sources that describe some ids of their authorities and leave out others.
    """
    names = sorted(name for name in sources if len(sources[name].statements))
    tables = [sources[name].statements for name in names]
    predicate, predicates = encode(concat(tables, "predicate"))
    ends = {end: _codes(tables, end, identity) for end in ("subject", "object")}
    source, every = _credits([credits[name] for name in names], [sources[name] for name in names])
    statements = Statements(
        subject=identity.target[ends["subject"]],
        object=identity.target[ends["object"]],
        predicate=predicate,
        predicates=predicates.to_pylist(),
        negated=np.concatenate([numbers(part, False) for part in concat(tables, "negated")]),
        source=source,
        sources=every,
        texts={name: _words(tables, name) for name in _TEXTS},
        numbers={
            name: np.concatenate([numbers(part, fill) for part in concat(tables, name)])
            for name, fill in (("affected", -1), ("examined", -1), ("share_low", np.nan))
        },
        read=len(predicate),
    )
    line = np.concatenate([numbers(part, 0) for part in concat(tables, "line")])
    file, files = _files([sources[name] for name in names])
    whole = [sources[name] for name in sources if name not in excerpts]
    check = _Check(statements, identity, categories, (files, file, line), rejections, whole)
    statements.keep(check.run(ends))
    return statements


def _words(tables: list[pa.Table], name: str) -> tuple[NDArray[Any], pa.Array]:
    codes, words = encode(concat(tables, name))
    return narrow(codes, len(words)), words


def _codes(tables: list[pa.Table], end: str, identity: Identity) -> Int64:
    return np.concatenate([find(table[end], identity.ids) for table in tables]).astype(np.int64)


def _credits(own: list[Credit], said: list[SourceData]) -> tuple[Int32, list[Credit]]:
    """Return who says every statement: an index, and what it points into.

    What one source passes on of another that is loaded itself is the other's own word.
    """
    every = sorted({*own, *(one for data in said for one in data.credits)}, key=astuple)
    parts = []
    for credit, data in zip(own, said, strict=True):
        places = np.array([every.index(one) for one in (*data.credits, credit)], dtype=np.int32)
        parts.append(places[numbers(data.statements["credit"], len(data.credits))])
    return np.concatenate(parts), every


def _files(said: list[SourceData]) -> tuple[Int64, list[str]]:
    """Return the file of every statement: an index into the files of all sources."""
    parts: list[Int64] = []
    files: list[str] = []
    for data in said:
        given = numbers(data.statements["file"], data.statements_from)
        parts.append(given.astype(np.int64) + len(files))
        files += [str(one.file) for one in data.files]
    return np.concatenate(parts), files


@dataclass
class _Check:
    """The checks on statements, each over all of them at once."""

    statements: Statements
    identity: Identity
    categories: tuple[Int32, list[str]]
    places: tuple[list[str], Int64, Int64]  # files, and file and line of each statement
    rejections: Rejections
    whole: list[SourceData]  # sources that describe every id of their authorities
    found: list[tuple[int, str, str]] = field(default_factory=list)

    def run(self, given: dict[str, Int64]) -> Bool:
        """Return which statements are good. `given` holds the ids as the source gives them."""
        good = np.ones(len(self.statements), dtype=np.bool_)
        for end in ("subject", "object"):
            codes = getattr(self.statements, end)
            good &= self._reject(good & ~self.identity.known[codes], self._unknown(given[end]))
        for number, name in enumerate(self.statements.predicates):
            if name in PREDICATES:
                mine = good & (self.statements.predicate == number)
                good &= self._fits(mine, name)
        same = good & (self.statements.subject == self.statements.object)
        good &= self._reject(same, lambda at: self._loop(at, given))
        good &= self._no_circles(good)
        files, file, line = self.places
        for at, code, detail in sorted(self.found):
            self.rejections.add(f"{files[file[at]]}:{line[at]}", code, detail)
        return good

    def _reject(self, bad: Bool, explain: Explain) -> Bool:
        """Note the bad rows and return all others."""
        self.found += [(at, *explain(at)) for at in np.flatnonzero(bad).tolist()]
        return ~bad

    def _unknown(self, given: Int64) -> Explain:
        refused = set(self.identity.decided.alone[:, 1].tolist())

        def explain(at: int) -> tuple[str, str]:
            curie = self.identity.ids[int(given[at])].as_py()
            if given[at] in refused:
                return "unmerged_id", f"{curie} has no record of its own and its merge was refused"
            if self.identity.obsolete[given[at]]:
                return "obsolete_id", f"{curie} is obsolete and no single term replaces it"
            if prefix_of(curie) not in self._authorities:
                return (
                    "not_loaded",
                    f"{curie}: no loaded source describes all of {prefix_of(curie)}",
                )
            return "unknown_id", f"{curie} is in none of the loaded sources"

        return explain

    @cached_property
    def _authorities(self) -> set[str]:
        """The prefixes of ids that a source describes as a whole."""
        parts = [pc.split_pattern(one.entities["id"], ":", max_splits=1) for one in self.whole]
        return {name for part in parts for name in pc.unique(pc.list_element(part, 0)).to_pylist()}

    def _loop(self, at: int, given: dict[str, Int64]) -> tuple[str, str]:
        code = "reflexive" if given["subject"][at] == given["object"][at] else "self_loop"
        return code, f"{self._edge(at)} joins one entity"

    def _fits(self, mine: Bool, name: str) -> Bool:
        kinds, names = self.categories
        good = np.ones(len(mine), dtype=np.bool_)
        for end, allowed in (
            ("subject", PREDICATES[name].domain),
            ("object", PREDICATES[name].range),
        ):
            if not allowed:
                continue
            codes = [number for number, kind in enumerate(names) if kind in allowed]
            ends = getattr(self.statements, end)

            def explain(
                at: int, ends: Int64 = ends, allowed: tuple[str, ...] = allowed
            ) -> tuple[str, str]:
                kind = names[kinds[ends[at]]]
                curie = self.identity.ids[int(ends[at])].as_py()
                expected = " or ".join(allowed)
                return "wrong_category", f"{name} expects a {expected}; {curie} is a {kind}"

            good &= self._reject(mine & ~np.isin(kinds[ends], codes), explain)
        return good

    def _no_circles(self, good: Bool) -> Bool:
        is_a = good & self._is_subclass()
        rows = np.flatnonzero(is_a)
        bad = np.zeros(len(good), dtype=np.bool_)
        bad[rows[circles(self.statements.subject[rows], self.statements.object[rows])]] = True
        alone = np.zeros(len(good), dtype=np.bool_)
        for source in np.unique(self.statements.source[bad]).tolist():
            rows = np.flatnonzero(bad & (self.statements.source == source))
            alone[rows] = circles(self.statements.subject[rows], self.statements.object[rows])

        def explain(at: int) -> tuple[str, str]:
            code = "circle" if alone[at] else "circle_of_sources"
            return code, f"{self._edge(at)} closes a circle"

        return self._reject(bad, explain)

    def _is_subclass(self) -> Bool:
        if "subclass_of" not in self.statements.predicates:
            return np.zeros(len(self.statements), dtype=np.bool_)
        found: Bool = self.statements.predicate == self.statements.predicates.index("subclass_of")
        return found

    def _edge(self, at: int) -> str:
        ids = self.identity.ids
        subject, object_ = int(self.statements.subject[at]), int(self.statements.object[at])
        name = self.statements.predicates[self.statements.predicate[at]]
        return f"{ids[subject]} {name} {ids[object_]}"


@dataclass
class Edges:
    """Edges with the rows of evidence behind them.

    Attributes:
        subject, object, predicate, negated: One value an edge; ordered by id, predicate, id.
        order: shape (n_evidence,), integers; statement rows, those of one edge together, evidence
            that says the same only once, by its latest date.
        start: shape (n_edges + 1,), int64; edge ``e`` owns ``order[start[e]:start[e + 1]]``.
        every: shape (n_statements,), integers; all statement rows, those of one edge together.
        every_start: shape (n_edges + 1,), int64; likewise for `every`.
    """

    subject: Int64
    object: Int64
    predicate: Int32
    negated: Bool
    order: NDArray[Any]
    start: Int64
    every: NDArray[Any]
    every_start: Int64

    def __len__(self) -> int:
        return len(self.subject)

    def forget_repetitions(self) -> None:
        """Let go of the statements that only repeat another: the qualifiers are known."""
        self.every = self.every_start = np.zeros(0, dtype=np.int64)


def unite(statements: Statements) -> Edges:
    """Return one edge for each (subject, predicate, object, negated).

    The ends of the statements are used up: the edges have them.
    """
    nodes = int(max(statements.subject.max(), statements.object.max())) + 1
    keys = statements.subject * len(statements.predicates) + statements.predicate
    keys = (keys * nodes + statements.object) * 2 + statements.negated
    said = _packed(
        [(statements.source, len(statements.sources))]
        + [(codes, len(words)) for codes, words in (statements.texts[name] for name in _SAID)]
    )
    dates, days = statements.texts["date"]
    said *= len(days)
    every = np.lexsort((said - dates, keys))  # the latest first
    keys, said = keys[every], said[every]
    new_edge = firsts(keys)
    new_evidence = new_edge | firsts(said)
    every_start = np.append(np.flatnonzero(new_edge), len(every))
    order, new_edge = every[new_evidence], new_edge[new_evidence]
    start = np.append(np.flatnonzero(new_edge), len(order))
    one = order[start[:-1]]
    ends = (statements.subject[one], statements.object[one], statements.predicate[one])
    negated = statements.negated[one]
    statements.forget_ends()
    return Edges(*ends, negated, _rows(order), start, _rows(every), every_start)


def _rows(rows: Int64) -> NDArray[Any]:
    """Return row numbers in the integers that hold them."""
    return narrow(rows, len(rows)) if len(rows) < 1 << 31 else rows


def _packed(columns: list[tuple[Int32, int]]) -> Int64:
    """Return one number for each row, in the order of the columns' codes.

    Args:
        columns: Codes, and below which number they all lie.
    """
    found, size = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for codes, limit in columns:
        if size * limit >= _INT64 >> 24:  # leave room for the date
            values, found = np.unique(found, return_inverse=True)
            size = len(values)
        found, size = found * limit + codes, size * limit
    return found


def contradicted(edges: Edges) -> Bool:
    """Return which edges are asserted and denied as they stand; both of a pair."""
    same = np.ones(max(0, len(edges) - 1), dtype=np.bool_)
    for ends in (edges.subject, edges.predicate, edges.object):
        same &= ends[1:] == ends[:-1]  # a denial follows its assertion
    found = np.zeros(len(edges), dtype=np.bool_)
    found[:-1] |= same
    found[1:] |= same
    return found


def pooled_frequency(statements: Statements, edges: Edges) -> dict[str, pa.Array]:
    """Return what the evidences of each edge say together of how often it is seen.

    ``frequency``: where every given frequency is a count n/m, the sums of both; else the
    frequency, as given, of the evidence that allows the lowest share of patients (of two equal
    ones the first as text). ``frequency_low`` is the lowest share that any evidence allows,
    ``patients`` the sum of all n; all are null where nothing is given.
    """
    codes, words = statements.texts["frequency"]
    rows = _with_frequency(statements, edges)
    order, start = evidence_of(edges, rows)
    affected = statements.numbers["affected"][order]
    examined = statements.numbers["examined"][order]
    share = statements.numbers["share_low"][order]
    given = ~np.isnan(share)
    counted = affected >= 0
    lowest = np.minimum.reduceat(np.where(given, share, np.inf), start)
    n = np.add.reduceat(np.where(counted, affected, 0), start).astype(np.int64)
    m = np.add.reduceat(np.where(counted, examined, 0), start).astype(np.int64)
    has_count = np.logical_or.reduceat(counted, start)
    only_counts = has_count & ~np.logical_or.reduceat(given & ~counted, start)
    is_lowest = given & (share == np.repeat(lowest, np.diff(np.append(start, len(order)))))
    text = np.minimum.reduceat(np.where(is_lowest, codes[order], len(words)), start)
    sums = [
        f"{a}/{b}" for a, b in zip(n[only_counts].tolist(), m[only_counts].tolist(), strict=True)
    ]
    chosen = np.where(text < len(words), text, -1).astype(np.int64)
    chosen[only_counts] = len(words) + np.arange(len(sums))
    several = pa.concat_arrays([words, pa.array(sums, pa.string())])
    size = len(edges)
    return {
        "frequency": decode(_spread(chosen, rows, size, -1), several),
        "frequency_low": _masked(_spread(lowest.astype(np.float32), rows, size, np.inf)),
        "patients": pa.array(
            _spread(n.astype(np.int32), rows, size, 0), mask=~_spread(has_count, rows, size, False)
        ),
    }


def _with_frequency(statements: Statements, edges: Edges) -> Int64:
    """Return the edges any of whose evidence says how often: in most graphs few do."""
    said = ~np.isnan(statements.numbers["share_low"]) | (statements.numbers["affected"] >= 0)
    found: Int64 = np.flatnonzero(np.logical_or.reduceat(said[edges.order], edges.start[:-1]))
    return found


def evidence_of(edges: Edges, rows: Int64) -> tuple[NDArray[Any], Int64]:
    """Return the evidence of some edges, and where that of each begins."""
    mine = np.zeros(len(edges), dtype=np.bool_)
    mine[rows] = True
    sizes = np.diff(edges.start)
    start = np.cumsum(sizes[rows]) - sizes[rows]
    return edges.order[np.repeat(mine, sizes)], start


def _spread(values: NDArray[Any], rows: Int64, size: int, fill: float) -> NDArray[Any]:
    """Return a column of `size` rows, the values at their rows and `fill` elsewhere."""
    found = np.full(size, fill, dtype=values.dtype)
    found[rows] = values
    return found


def _masked(values: NDArray[np.float32]) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))


def weak_denials(statements: Statements, edges: Edges) -> Bool:
    """Return which edges are denials that rest on 0/1 and 0/2 only."""
    examined = statements.numbers["examined"][edges.order]
    few = (examined >= 1) & (examined <= 2)
    return edges.negated & np.logical_and.reduceat(few, edges.start[:-1])


def qualifier(statements: Statements, edges: Edges, name: str) -> pa.Array:
    """Return a qualifier of each edge: what its rows give, null where none or two differ.

    Two rows that are one evidence may still differ in sex or onset, so every row counts.
    """
    codes, words = statements.texts[name]
    mine = codes[edges.every]
    start = edges.every_start[:-1]
    blank = words.index("").as_py()
    low = np.minimum.reduceat(np.where(mine == blank, len(words), mine), start)
    high = np.maximum.reduceat(np.where(mine == blank, -1, mine), start)
    return decode(np.where(low == high, low, -1), words)
