"""The statements of all sources are gathered; those that can be no edges are rejected.

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
from kgsynth.graph.columns import Bool, Int32, Int64, concat, encode, find, narrow, numbers
from kgsynth.graph.identity import Identity
from kgsynth.graph.stated import TEXTS, Statements
from kgsynth.identifiers import prefix_of
from kgsynth.sources.base import Credit, Rejections, SourceData

#: Returns the code and the detail of the rejection of one statement row.
Explain = Callable[[int], tuple[str, str]]


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
        texts={name: _words(tables, name) for name in TEXTS},
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
