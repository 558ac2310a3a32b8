"""Gather from sources and edges why a node is unfit as an answer; `grain` decides."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.columns import find
from kgsynth.graph.grain import SOMATIC, reasons, root_terms
from kgsynth.graph.work import Work


def unfit_reasons(work: Work) -> list[tuple[str, ...]]:
    """Return why each node is unfit as an answer, in the order of the nodes."""
    ids: list[str] = work.columns["id"].to_pylist()
    flags = [
        (ids[row], flag)
        for one in work.sources.values()
        for row, flag in zip(
            work.rows_of(one.data.flags["entity"]),
            one.data.flags["flag"].to_pylist(),
            strict=True,
        )
        if row >= 0
    ]
    # Ids that a source calls the same as something else, and that could not be merged: they
    # would stand beside their own twin as "another disease".
    leads = work.identity.target[np.unique(work.identity.decided.alone[:, 1])]
    rows = work.node_of(leads[work.identity.known[leads]]).tolist()
    flags += [(ids[row], "unmerged") for row in rows]
    names = work.columns["name"].to_pylist()
    flags += [(curie, "unnamed") for curie, name in zip(ids, names, strict=True) if name == curie]
    found = reasons(flags, _main_names(work, ids), _somatic(work, ids), _roots(work, ids))
    return [found.get(curie, ()) for curie in ids]


def _main_names(work: Work, ids: list[str]) -> dict[str, list[str]]:
    """Return the names that the sources give each disease as its main one."""
    table = work.described.table
    wanted = np.flatnonzero(
        np.asarray(
            pc.match_substring_regex(
                pc.fill_null(table["name"].combine_chunks(), ""),
                r"suscept|predispos|modif|^\{|^\[",
                ignore_case=True,
            )
        )
        & work.is_kind(work.described.codes[work.described.node], "Disease")
    )
    found: dict[str, list[str]] = {}
    texts = table["name"].take(pa.array(wanted)).to_pylist()
    for row, text in zip(work.described.node[wanted].tolist(), texts, strict=True):
        found.setdefault(ids[row], []).append(text)
    return found


def _somatic(work: Work, ids: list[str]) -> list[str]:
    codes = find(pa.array(list(SOMATIC)), work.identity.ids)
    rows = work.is_predicate("has_mode_of_inheritance") & np.isin(work.edges.object, codes)
    return [ids[row] for row in work.node_of(work.edges.subject[rows & ~work.edges.negated])]


def _roots(work: Work, ids: list[str]) -> list[str]:
    is_a = work.is_predicate("subclass_of")
    parents = work.node_of(work.edges.object[is_a]).tolist()
    below: dict[str, list[str]] = {}
    for child, parent in zip(work.node_of(work.edges.subject[is_a]).tolist(), parents, strict=True):
        below.setdefault(ids[parent], []).append(ids[child])
    return [
        term for one in work.sources.values() for term in root_terms(one.manifest.settings, below)
    ]
