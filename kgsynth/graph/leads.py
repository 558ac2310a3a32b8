"""Settings of identity: whose ids lead, and whether a broader partner is a parent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.biolink import CATEGORIES
from kgsynth.errors import UsageError
from kgsynth.graph.closure import circles
from kgsynth.graph.columns import Bool, Int64, find
from kgsynth.graph.identity import Identity
from kgsynth.graph.load import Loaded
from kgsynth.identifiers import PREFIXES
from kgsynth.sources.base import STATEMENTS, SourceData, table

_AUTHORITIES = {prefix.lower(): prefix for prefix in PREFIXES}


def parse_leads(text: str) -> dict[str, list[str]]:
    """Return the authorities of each category, as ``--lead`` gives them.

    Args:
        text: ``Disease=OMIM,Gene=HGNC``; a category that stands twice gives a first and a second.

    Raises:
        UsageError: If a category or an authority is not known.

    Example:
        >>> parse_leads("Disease=omim,Disease=ORPHA,Gene=HGNC")
        {'Disease': ['OMIM', 'ORPHA'], 'Gene': ['HGNC']}
    """
    found: dict[str, list[str]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        category, _, given = (word.strip() for word in part.partition("="))
        authority = _AUTHORITIES.get(given.lower())
        if category not in CATEGORIES or authority is None:
            what = "authority" if category in CATEGORIES else "category"
            raise UsageError(
                f"--lead {part!r}: unknown {what}; expected CATEGORY=AUTHORITY, for example "
                "Disease=OMIM or Gene=HGNC"
            )
        found.setdefault(category, []).append(authority)
    return found


def leading(
    sources: Mapping[str, Loaded], asked: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Return whose ids lead in each category: what the user asks, then what manifests name.

    A manifest's ``[leads]`` (``Gene = "HGNC"``) says whose ids its file makes usable.
    """
    found = {category: list(authorities) for category, authorities in asked.items()}
    for one in sources.values():
        named: Any = one.manifest.settings.get("leads", {})
        for category, authority in named.items():
            own = found.setdefault(category, [])
            if authority not in own:
                own.append(authority)
    return dict(sorted(found.items()))


def add_subclasses(
    sources: Mapping[str, Loaded], said: dict[str, SourceData], identity: Identity
) -> None:
    """Make broad mappings links of ``subclass_of`` where a manifest says ``broad_as_subclass``.

    A mapping stays only a mapping where its two ends are one entity by now, where one of them is
    not in the graph, and where the link would close a circle with what sources state outright.

    Args:
        sources: Name of each source, with its manifest.
        said: What each source says; a source with such links is replaced.
        identity: What every id stands for; only entities of the graph get a parent.
    """
    wanted = [
        name
        for name, one in sources.items()
        if one.manifest.settings.get("broad_as_subclass") and len(said[name].mappings)
    ]
    if not wanted:
        return
    found = {name: _candidates(said[name], identity) for name in wanted}
    children, parents = _stated(said.values(), identity)
    bad = circles(
        np.concatenate((children, *(one.child for one in found.values()))),
        np.concatenate((parents, *(one.parent for one in found.values()))),
    )
    at = len(children)
    for name, one in found.items():
        keep = ~bad[at : at + len(one.rows)]
        at += len(one.rows)
        said[name] = _with_subclasses(said[name], one, keep)


@dataclass(frozen=True)
class _Candidates:
    """Links that broader and narrower mappings would make.

    Attributes:
        rows: The mappings, rows of the table.
        kind: What each is, ``broad`` or ``narrow``.
        child, parent: Codes of the two entities.
        up: Whether the subject of the mapping is the child.
    """

    rows: Int64
    kind: pa.Array
    child: Int64
    parent: Int64
    up: Bool


def _candidates(data: SourceData, identity: Identity) -> _Candidates:
    kind = pc.fill_null(data.mappings["predicate"].cast(pa.string()), "exact").combine_chunks()
    known = np.zeros(len(identity.ids), dtype=np.bool_)
    known[identity.target[identity.known]] = True
    ends = [
        identity.target[find(data.mappings[end], identity.ids)] for end in ("subject", "object")
    ]
    up, down = (np.asarray(pc.equal(kind, one)) for one in ("broad", "narrow"))
    # Two records that are one entity by an exact mapping elsewhere are no parent and child.
    good = (up | down) & known[ends[0]] & known[ends[1]] & (ends[0] != ends[1])
    rows, up = np.flatnonzero(good), up[good]
    one, other = (end[rows] for end in ends)
    child, parent = np.where(up, one, other), np.where(up, other, one)
    return _Candidates(rows, kind.take(pa.array(rows)), child, parent, up)


def _stated(said: Iterable[SourceData], identity: Identity) -> tuple[Int64, Int64]:
    """Return child and parent of every ``subclass_of`` that a source states."""
    ends: list[list[Int64]] = [[], []]
    for data in said:
        is_a = data.statements.filter(pc.equal(data.statements["predicate"], "subclass_of"))
        for found, name in zip(ends, ("subject", "object"), strict=True):
            found.append(identity.target[find(is_a[name], identity.ids)])
    return np.concatenate(ends[0]), np.concatenate(ends[1])


def _with_subclasses(data: SourceData, found: _Candidates, keep: Bool) -> SourceData:
    rows = data.mappings.take(pa.array(found.rows[keep]))
    up = pa.array(found.up[keep])
    one, other = (rows[end].cast(pa.string()) for end in ("subject", "object"))
    columns: dict[str, object] = {
        "subject": pc.if_else(up, one, other),
        "predicate": pa.array(["subclass_of"] * len(rows), pa.string()),
        "object": pc.if_else(up, other, one),
        "negated": pa.array(np.zeros(len(rows), dtype=np.bool_)),
        "code": pc.binary_join_element_wise(found.kind.filter(pa.array(keep)), "mapping", " "),
        "line": rows["line"],
        "file": pc.fill_null(rows["file"], len(data.files) - 1),
    }
    links = table(STATEMENTS, columns, len(rows)).cast(STATEMENTS)
    statements = pa.concat_tables([data.statements.cast(STATEMENTS), links])
    return replace(data, statements=statements)
