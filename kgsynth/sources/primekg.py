"""Graphs in the layout of PrimeKG's ``kg.csv``: one row an edge, both ends described in it.

Every edge stands in both directions, so what is a kind of what cannot be told from the file: such
rows become ``related_to``, with their own word as the evidence's code. An id has lost its prefix,
which the column of its source gives back; a group of several Mondo classes gets an id of its own.
Which relation is which predicate, read from which end, and which say the opposite, stands in the
manifest.

Source: https://github.com/mims-harvard/PrimeKG
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES, active
from kgsynth.errors import IdentifierError, SourceError
from kgsynth.identifiers import own_curie
from kgsynth.sources.base import (
    ENTITIES,
    FLAGS,
    MAPPINGS,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.blocks import Block, Layout, join, read_blocks

_ENDS = ("x", "y")
_PARTS = ("index", "id", "type", "name", "source")
COLUMNS = (
    *("relation", "display_relation"),
    *(f"{end}_{part}" for end in _ENDS for part in _PARTS),
)
#: What rows say whose direction is lost.
_LOST = "related_to"

Int64 = NDArray[np.int64]


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one file of edges; see `base.Loader`."""
    source = files[0]
    rejections = Rejections()
    block = join(list(read_blocks(source, _layout(source), rejections, ",")), COLUMNS)
    lost = block.read - len(block.lines)
    if not len(block.lines):
        raise SourceError(f"{source.file}: no rows below the column names")
    settings = cast("Mapping[str, Any]", manifest.settings)
    nodes = _Nodes(block, settings)
    edges = _Edges(block, nodes, settings)
    statements, rejected = edges.read(f"{source.file}", rejections)
    used = np.unique(nodes.codes)
    entities = nodes.entities(used)
    return SourceData(
        version=manifest.version or f"sha256-{source.sha256[:12]}",
        files=files,
        entities=entities,
        statements=statements,
        mappings=nodes.mappings(block),
        flags=nodes.flags(),
        rejections=rejections,
        tallies=(
            Tally(
                "rows",
                block.read,
                len(statements),
                block.read - lost - rejected - len(statements),
                lost + rejected,
            ),
            Tally("nodes", len(used), len(entities), 0, len(used) - len(entities)),
        ),
    )


def _layout(source: SourceFile) -> Any:
    def describe(names: list[str]) -> Layout:
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise SourceError(
                f"{source.file}:1: column {missing[0]!r} is missing; expected {', '.join(COLUMNS)}"
            )
        return Layout(tuple(names), COLUMNS, ",", quoted=True)

    return describe


def _coded(block: Block, *names: str) -> tuple[Int64, list[str]]:
    """Return columns one behind the other as codes of one vocabulary."""
    chunks = [chunk for name in names for chunk in block.table[name].chunks]
    joined = pa.chunked_array(chunks).unify_dictionaries()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in joined.chunks])
    return codes.astype(np.int64), joined.chunk(0).dictionary.to_pylist()


@dataclass
class _Group:
    """A node that stands for several classes."""

    code: int
    members: list[str]
    row: int


class _Nodes:
    """The nodes that rows name.

    Attributes:
        codes: shape (2 n,); the node at the x end of each row, then at the y end.
        ids: The id of each node; "" where it has none.
        problems: Why a node has no id.
    """

    def __init__(self, block: Block, settings: Mapping[str, Any]) -> None:
        columns = {name: _coded(block, *(f"{end}_{name}" for end in _ENDS)) for name in _PARTS}
        source, local = columns["source"], columns["id"]
        keys = source[0] * len(local[1]) + local[0]
        _, first, self.codes = np.unique(keys, return_index=True, return_inverse=True)
        self._rows = first % len(block.lines)
        self._values = {
            name: [words[code] for code in codes[first].tolist()]
            for name, (codes, words) in columns.items()
        }
        self._settings = settings
        self.problems: dict[int, str] = {}
        self._groups: list[_Group] = []
        self.ids = [self._id(code) for code in range(len(first))]

    def _id(self, code: int) -> str:
        source, local = self._values["source"][code], self._values["id"][code]
        known = self._settings.get("sources", {}).get(source, {})
        prefix, digits = str(known.get("prefix", source)), int(known.get("digits", 0))
        try:
            if known.get("group"):
                members = [own_curie(f"{prefix}:{one.zfill(digits)}") for one in local.split("_")]
                self._groups.append(_Group(code, members, int(self._rows[code])))
                return own_curie(f"PRIMEKG:{self._values['index'][code]}")
            return own_curie(f"{prefix}:{local.zfill(digits)}")
        except IdentifierError as error:
            self.problems[code] = str(error)
            return ""

    def entities(self, used: Int64) -> pa.Table:
        """Return what the rows say of nodes that have an id."""
        good = [code for code in used.tolist() if self.ids[code]]
        columns: dict[str, object] = {
            "id": [self.ids[code] for code in good],
            "name": [self._values["name"][code] for code in good],
            "category": [self._category(code) for code in good],
        }
        return table(ENTITIES, columns, len(good))

    def _category(self, code: int) -> str:
        known = self._settings.get("sources", {}).get(self._values["source"][code], {})
        kind = self._values["type"][code]
        found = known.get("category") or self._settings.get("categories", {}).get(kind)
        return str(found or self._settings.get("category", "NamedThing"))

    def mappings(self, block: Block) -> pa.Table:
        """Return the members of groups: each is narrower than its group."""
        pairs = [(one, member) for one in self._groups for member in one.members]
        columns: dict[str, object] = {
            "subject": [self.ids[one.code] for one, _ in pairs],
            "object": [member for _, member in pairs],
            "predicate": ["narrow"] * len(pairs),
            "line": [int(block.lines[one.row]) for one, _ in pairs],
        }
        return table(MAPPINGS, columns, len(pairs))

    def flags(self) -> pa.Table:
        """Return that groups are groups."""
        groups = [self.ids[one.code] for one in self._groups]
        return table(FLAGS, {"entity": groups, "flag": ["group"] * len(groups)}, len(groups))


@dataclass(frozen=True, slots=True)
class _Rule:
    """What rows of one relation between two types say.

    Attributes:
        predicate: "" where the rows are left out.
        turned: Whether y is the subject.
        negated: Whether they deny it.
        symmetric: Whether both directions say the same.
        problem: Code and words where they are left out.
    """

    predicate: str = ""
    turned: bool = False
    negated: bool = False
    symmetric: bool = False
    problem: tuple[str, str] = ("", "")


@dataclass
class _Edges:
    """The rows as statements."""

    block: Block
    nodes: _Nodes
    settings: Mapping[str, Any]
    rules: list[_Rule] = field(default_factory=list)

    def read(self, file: str, rejections: Rejections) -> tuple[pa.Table, int]:
        """Return the statements, each once, and how many rows were rejected."""
        display, words = _coded(self.block, "display_relation")
        rule = self._rules(display, words)
        size = len(rule)
        x, y = self.nodes.codes[:size], self.nodes.codes[size:]
        bad = self._reject(rule, x, y, file, rejections)
        turned = np.array([one.turned for one in self.rules])[rule]
        ids = np.array(self.nodes.ids, dtype=object)
        order = np.argsort(np.argsort(ids.astype(str), kind="stable"), kind="stable")
        symmetric = np.array([one.symmetric for one in self.rules])[rule]
        turned = np.where(symmetric, order[x] > order[y], turned)
        subject, object_ = np.where(turned, y, x), np.where(turned, x, y)
        names = sorted({one.predicate for one in self.rules})
        predicate = np.array([names.index(one.predicate) for one in self.rules])[rule]
        negated = np.array([one.negated for one in self.rules])[rule]
        rows = self._firsts(np.flatnonzero(~bad), (subject, object_, predicate, negated, display))
        spelled = pa.array(self.nodes.ids, pa.string())
        columns: dict[str, object] = {
            "subject": _dictionary(subject[rows], spelled),
            "predicate": _dictionary(predicate[rows], pa.array(names)),
            "object": _dictionary(object_[rows], spelled),
            "negated": pa.array(negated[rows]),
            "code": _dictionary(display[rows], pa.array(words)),
            "line": pa.array(self.block.lines[rows]),
        }
        return table(STATEMENTS, columns, len(rows)), int(bad.sum())

    def _rules(self, display: Int64, shown: list[str]) -> Int64:
        """Return the rule of each row as a place in `rules`."""
        relation, names = _coded(self.block, "relation")
        kinds, types = _coded(self.block, "x_type", "y_type")
        size = len(relation)
        x, y = kinds[:size], kinds[size:]
        keys = ((relation * len(shown) + display) * len(types) + x) * len(types) + y
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
        self.rules = [
            self._rule(names[relation[row]], shown[display[row]], types[x[row]], types[y[row]])
            for row in first.tolist()
        ]
        return np.asarray(place, dtype=np.int64)

    def _rule(self, relation: str, display: str, x: str, y: str) -> _Rule:
        known = self.settings.get("relations", {}).get(relation)
        if known is None:
            return self._other(relation, display, x, y)
        name = str(known.get("predicate", ""))
        if not name:
            words = f"{relation} is derived from other relations, or says too little to be asked"
            return _Rule(problem=("derived_relation", words))
        subject = known.get("subject")
        if subject and subject not in (x, y):
            words = f"{relation} joins {x} and {y}; expected one of them to be {subject}"
            return _Rule(problem=("wrong_type", words))
        symmetric = not subject or x == y
        return _Rule(name, subject != x, bool(known.get("negated")), symmetric)

    def _other(self, relation: str, display: str, x: str, y: str) -> _Rule:
        """Return the rule of a relation that the manifest does not know, by its own words."""
        name, turned = active(display)
        if name in PREDICATES and PREDICATES[name].symmetric:
            return _Rule(name, symmetric=True)
        one, other = x.replace(" ", "_"), y.replace(" ", "_")
        if one != other and relation in (f"{one}_{other}", f"{other}_{one}"):
            return _Rule(name, turned != (relation == f"{other}_{one}"))
        return _Rule(_LOST, symmetric=True)

    def _reject(
        self, rule: Int64, x: Int64, y: Int64, file: str, rejections: Rejections
    ) -> NDArray[np.bool_]:
        nameless = np.array([not text for text in self.nodes.ids])
        out = np.array([one.problem[0] != "" for one in self.rules])[rule]
        bad: NDArray[np.bool_] = out | nameless[x] | nameless[y]
        for row in np.flatnonzero(bad).tolist():
            code, words = self.rules[rule[row]].problem
            if not code:
                node = int(x[row] if nameless[x[row]] else y[row])
                code, words = "bad_identifier", self.nodes.problems[node]
            rejections.add(f"{file}:{self.block.lines[row]}", code, words)
        return bad

    def _firsts(self, rows: Int64, columns: tuple[NDArray[Any], ...]) -> Int64:
        """Return the rows whose values did not come before, ascending."""
        keys = np.stack([column[rows].astype(np.int64) for column in columns])
        order = np.lexsort((rows, *keys))
        sorted_ = keys[:, order]
        fresh = np.ones(len(rows), dtype=np.bool_)
        fresh[1:] = (sorted_[:, 1:] != sorted_[:, :-1]).any(axis=0)
        found: Int64 = np.sort(rows[order[fresh]])
        return found


def _dictionary(codes: NDArray[Any], words: pa.Array) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), words)
