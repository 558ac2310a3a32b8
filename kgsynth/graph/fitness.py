"""Gather from sources and edges why a node is unfit as an answer; `grain` decides."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.columns import Bool, Int64, find, firsts
from kgsynth.graph.grain import NEOPLASM, PREDISPOSITION, SOMATIC, reasons, root_terms
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
    is_a = work.is_predicate("subclass_of") & work.is_kind(work.edges.subject, "Disease")
    children = _ends(work, is_a, work.edges.object, work.edges.subject)
    flags += _members(work, ids, flags, children)
    flags += _unmerged(work, ids, flags)
    flags += _below_neoplasm(work, ids, children)
    names = work.columns["name"].to_pylist()
    flags += [(curie, "unnamed") for curie, name in zip(ids, names, strict=True) if name == curie]
    flags += _same_name(work, ids)
    found = reasons(flags, _main_names(work, ids), _somatic(work, ids), _roots(work, ids))
    return [found.get(curie, ()) for curie in ids]


def _members(
    work: Work, ids: list[str], flags: list[tuple[str, str]], children: dict[int, set[int]]
) -> list[tuple[str, str]]:
    """Call a disease with members a group, unless they are forms of one disease, by one gene.

    Neurofibromatosis type 1 has the familial spinal form below it; both are caused by NF1. The
    forms of retinitis pigmentosa have ninety genes. One gene must be that of the class and of all
    members that have any, at least two.
    """
    having = sorted({curie for curie, flag in flags if flag == "members"})
    if not having:
        return []
    is_link = work.is_predicate("gene_associated_with_condition") & ~work.edges.negated
    genes = _ends(work, is_link, work.edges.object, work.edges.subject)
    found = []
    for curie in having:
        node = ids.index(curie)
        others = [genes[one] for one in _below(node, children) if one in genes]
        if len(others) < 2 or not genes.get(node, set()).intersection(*others):
            found.append((curie, "group"))
    return found


def _ends(work: Work, rows: Bool, keys: Int64, values: Int64) -> dict[int, set[int]]:
    """Return the nodes at the other end of some edges, by the node at one end."""
    found: dict[int, set[int]] = {}
    pairs = zip(work.node_of(keys[rows]).tolist(), work.node_of(values[rows]).tolist(), strict=True)
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found


def _below(node: int, children: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    stack = [node]
    while stack:
        for child in children.get(stack.pop(), ()):
            if child not in found:
                found.add(child)
                stack.append(child)
    return found


def _unmerged(work: Work, ids: list[str], flags: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Flag records that stand beside their own twin, because their merge was refused.

    Records that a *group* claims as its exact twins are its members, and fit: Zellweger syndrome
    and infantile Refsum disease are both "Zellweger spectrum disorders".
    """
    groups = {curie for curie, flag in flags if flag in ("group", "series", "category")}
    target, known = work.identity.target, work.identity.known
    found = set()
    for partner, alone in work.identity.decided.alone.tolist():
        lead, other = int(target[alone]), int(target[partner])
        if known[lead]:
            of_group = known[other] and ids[int(work.node_of(np.array([other]))[0])] in groups
            if not of_group:
                found.add(ids[int(work.node_of(np.array([lead]))[0])])
    return [(curie, "unmerged") for curie in sorted(found)]


def _below_neoplasm(
    work: Work, ids: list[str], children: dict[int, set[int]]
) -> list[tuple[str, str]]:
    """Flag every disease below *neoplasm*, whatever source says so.

    Mondo tells its own; another source may put a disease of Mondo's under a tumor of its own.
    """
    node = _row_of(work, NEOPLASM)
    exempt = _below(_row_of(work, PREDISPOSITION), children)
    return [(ids[one], "neoplasm") for one in sorted(_below(node, children) - exempt)]


def _row_of(work: Work, curie: str) -> int:
    """Return the row of an id in the node table, -1 where the graph does not have it."""
    code = int(find(pa.array([curie]), work.identity.ids)[0])
    return -1 if code < 0 else int(work.node_of(work.identity.target[[code]])[0])


def _same_name(work: Work, ids: list[str]) -> list[tuple[str, str]]:
    """Flag entities of one category that share a name: the name alone tells neither."""
    kinds = work.columns["category"].dictionary_encode()
    names = pc.utf8_lower(work.columns["name"]).dictionary_encode()
    keys = names.indices.to_numpy() * np.int64(len(kinds.dictionary)) + kinds.indices.to_numpy()
    order = np.argsort(keys, kind="stable")
    new = firsts(keys[order])
    shared = ~(new & np.append(new[1:], True))  # beside it another of the same key
    return [(ids[row], "same_name") for row in np.sort(order[shared]).tolist()]


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
    settings: list[Mapping[str, Any]] = [one.manifest.settings for one in work.sources.values()]
    wanted = sorted({root["term"] for one in settings for root in one.get("roots", ())})
    is_a = work.is_predicate("subclass_of")
    children, parents = work.edges.subject[is_a], work.edges.object[is_a]
    codes = find(pa.array(wanted, pa.string()), work.identity.ids).tolist()
    below = {
        term: [ids[row] for row in work.node_of(children[parents == code]).tolist()]
        for term, code in zip(wanted, codes, strict=True)
    }
    return [term for one in settings for term in root_terms(one, below)]
