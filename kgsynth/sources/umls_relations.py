"""Relations of the Metathesaurus as statements, read from the second concept to the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.sources.base import STATEMENTS, Credit, Manifest, table

if TYPE_CHECKING:
    from kgsynth.sources.umls import Read


def relations(
    read: Read | None, settings: Mapping[str, Any], manifest: Manifest
) -> tuple[pa.Table, tuple[Credit, ...]]:
    """Return the statements, each once a vocabulary, and the vocabularies.

    Args:
        read: The chosen rows of MRREL; gets what goes no further. None where there are none.
        settings: ``[relations]``: RELA, or REL where that is blank, to a predicate; ``^`` before
            it says that the first concept is the subject.
        manifest: Whose version and terms hold for every vocabulary.
    """
    if read is None or not len(read.block.lines):
        return STATEMENTS.empty_table(), ()
    rows, lines = read.block.table, read.block.lines
    first, second = (rows[name].cast(pa.string()).combine_chunks() for name in ("CUI1", "CUI2"))
    word = _words(rows)
    known = settings.get("relations", {})
    coded = word.dictionary_encode()
    rules = [str(known.get(text, "")) for text in coded.dictionary.to_pylist()]
    rule = coded.indices.to_numpy()
    for code, text in enumerate(coded.dictionary.to_pylist()):
        if not rules[code]:
            words = f"relation {text!r} has no predicate in the manifest"
            read.lose("unmapped_relation", words, lines[rule == code])
    mapped = np.array([text != "" for text in rules], dtype=np.bool_)[rule]
    same = mapped & np.asarray(pc.equal(first, second))
    read.lose("self_loop", "relations within one concept", lines[same])
    chosen = np.flatnonzero(mapped & ~same)
    turned = pa.array(np.array([text.startswith("^") for text in rules], dtype=np.bool_)[rule])
    predicates = pa.array([text.removeprefix("^") for text in rules], pa.string())
    said = pa.table(
        {
            "subject": pc.if_else(turned, first, second),
            "predicate": predicates.take(coded.indices),
            "object": pc.if_else(turned, second, first),
            "source": rows["SAB"].cast(pa.string()).combine_chunks(),
            "row": pa.array(np.arange(len(lines))),
        }
    ).take(pa.array(chosen))
    keys = ["subject", "predicate", "object", "source"]
    # Both directions of a relation say the same.
    once = said.group_by(keys).aggregate([("row", "min")]).sort_by("row_min")
    place = once["row_min"].to_numpy()
    sources = once["source"].combine_chunks().dictionary_encode()
    columns: dict[str, object] = {
        **{end: pc.binary_join_element_wise("UMLS", once[end], ":") for end in keys[:3:2]},
        "predicate": once["predicate"],
        "negated": pa.array(np.zeros(len(once), dtype=np.bool_)),
        "code": word.take(pa.array(place)),
        "line": pa.array(lines[place]),
        "credit": sources.indices,
    }
    version = manifest.version or f"sha256-{read.source.sha256[:12]}"
    credits = tuple(
        Credit(name, version, manifest.license) for name in sources.dictionary.to_pylist()
    )
    return table(STATEMENTS, columns, len(once)), credits


def _words(rows: pa.Table) -> pa.Array:
    """Return RELA, or REL where that is blank."""
    narrow = rows["RELA"].cast(pa.string()).combine_chunks()
    wide = rows["REL"].cast(pa.string()).combine_chunks()
    return pc.if_else(pc.equal(narrow, ""), wide, narrow)
