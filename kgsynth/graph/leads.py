"""Settings of identity: whose ids lead, and whether a broader partner is a parent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.biolink import CATEGORIES
from kgsynth.errors import UsageError
from kgsynth.graph.columns import find
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

    Args:
        sources: Name of each source, with its manifest.
        said: What each source says; a source with such links is replaced.
        identity: What every id stands for; only entities of the graph get a parent.
    """
    for name, one in sources.items():
        if one.manifest.settings.get("broad_as_subclass"):
            said[name] = _with_subclasses(said[name], identity)


def _with_subclasses(data: SourceData, identity: Identity) -> SourceData:
    predicate = pc.fill_null(data.mappings["predicate"].cast(pa.string()), "exact")
    known = np.zeros(len(identity.ids), dtype=np.bool_)
    known[identity.target[identity.known]] = True
    both = np.ones(len(data.mappings), dtype=np.bool_)
    for end in ("subject", "object"):
        both &= known[identity.target[find(data.mappings[end], identity.ids)]]
    parts = [data.statements]
    for kind, child, parent in (("broad", "subject", "object"), ("narrow", "object", "subject")):
        rows = data.mappings.filter(pc.and_(pc.equal(predicate, kind), pa.array(both)))
        columns: dict[str, object] = {
            "subject": rows[child].cast(pa.string()),
            "predicate": pa.array(["subclass_of"] * len(rows), pa.string()),
            "object": rows[parent].cast(pa.string()),
            "negated": pa.array(np.zeros(len(rows), dtype=np.bool_)),
            "code": pa.array([f"{kind} mapping"] * len(rows), pa.string()),
            "line": rows["line"],
            "file": pa.array(np.full(len(rows), len(data.files) - 1, dtype=np.int32)),
        }
        parts.append(table(STATEMENTS, columns, len(rows)))
    plain = [part.cast(STATEMENTS) for part in parts]
    return replace(data, statements=pa.concat_tables(plain))
