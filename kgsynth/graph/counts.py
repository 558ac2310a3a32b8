"""What the summary and the manifest say of a graph."""

from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.biolink import PREDICATES
from kgsynth.graph.columns import Bool
from kgsynth.graph.contested import Findings
from kgsynth.graph.merges import merge_counts
from kgsynth.graph.work import Work


def counts(work: Work, nodes: pa.Table, edges: pa.Table, findings: Findings) -> dict[str, Any]:
    """Return what the summary and the manifest say of the graph."""
    reasons = Counter(one for own in nodes["unfit"].to_pylist() for one in own)
    return {
        "nodes": len(nodes),
        "edges": len(edges),
        "evidence": len(work.edges.order),
        "by_category": _tally(nodes["category"]),
        "by_predicate": _by_predicate(work, ~work.edges.negated),
        "denials_by_predicate": _by_predicate(work, work.edges.negated),
        "weak_denials": int(pc.sum(edges["weak"]).as_py() or 0),
        "merges": work.identity.merges,
        "merges_refused": len(work.identity.decided.refused_rows),
        "mappings": merge_counts(work.identity),
        "annotated_diseases": findings.annotated,
        **_judgements(edges, findings),
        "contested_by_sources": _contested_by_sources(work),
        "functional": _functional(work),
        "unfit": sum(nodes["is_group"].to_pylist()),
        "unfit_by_reason": dict(sorted(reasons.items())),
        "statements": _statements(work),
        "sources": {
            name: [asdict(tally) for tally in one.data.tallies]
            for name, one in work.sources.items()
        },
        "hubs": _hubs(work, nodes),
    }


def _judgements(edges: pa.Table, findings: Findings) -> dict[str, int | float]:
    is_finding = pc.and_(pc.equal(edges["predicate"], "has_phenotype"), pc.invert(edges["negated"]))
    marks = edges["redundant"].filter(is_finding)
    redundant, phenotypes = int(pc.sum(marks).as_py() or 0), len(marks)
    return {
        "contested_pairs_exact": findings.exact_pairs,
        "contested_pairs_by_closure": findings.closure_pairs,
        "contested_edges": int(findings.contested.sum()),
        "redundant_edges": redundant,
        "redundant_share": round(redundant / phenotypes, 4) if phenotypes else 0.0,
    }


def _contested_by_sources(work: Work) -> dict[str, int]:
    """Count the statements that are asserted and denied as they stand, by who says yes and no.

    Returns:
        ``hpoa / orphanet`` (the first asserts, the second denies) to how many statements; one
        that several sources assert or deny counts for each pair.
    """
    edges, source = work.edges, work.statements.source
    same = (edges.subject[1:] == edges.subject[:-1]) & (edges.object[1:] == edges.object[:-1])
    same &= edges.predicate[1:] == edges.predicate[:-1]
    found: Counter[str] = Counter()
    for at in np.flatnonzero(same).tolist():  # the denial comes second
        yes, no = (
            {
                work.statements.sources[one].source
                for one in source[edges.order[edges.start[row] : edges.start[row + 1]]].tolist()
            }
            for row in (at, at + 1)
        )
        found.update(f"{one} / {other}" for one in yes for other in no)
    return dict(sorted(found.items()))


def _functional(work: Work) -> dict[str, int]:
    """Count the entities to which a predicate that gives one object gives several."""
    edges = work.edges
    found = {}
    for name in work.statements.predicates:
        categories = PREDICATES[name].functional if name in PREDICATES else ()
        if categories:
            mine = np.logical_or.reduce([work.is_kind(edges.subject, one) for one in categories])
            rows = mine & work.is_predicate(name) & ~edges.negated
            found[name] = int((np.unique(edges.subject[rows], return_counts=True)[1] > 1).sum())
    return found


def _statements(work: Work) -> dict[str, int]:
    read = work.statements.read
    kept, edges = len(work.statements), len(work.edges)
    return {"read": read, "edges": edges, "merged": kept - edges, "rejected": read - kept}


def _hubs(work: Work, nodes: pa.Table) -> list[dict[str, Any]]:
    """Return the ten best-connected nodes."""
    size = len(nodes)
    positive = ~work.edges.negated
    degree = np.bincount(work.node_of(work.edges.subject[positive]), minlength=size)
    degree += np.bincount(work.node_of(work.edges.object[positive]), minlength=size)
    best = np.lexsort((np.arange(size), -degree))[:10].tolist()
    return [
        {
            "id": nodes["id"][row].as_py(),
            "name": nodes["name"][row].as_py(),
            "degree": int(degree[row]),
        }
        for row in best
    ]


def _by_predicate(work: Work, rows: Bool) -> dict[str, int]:
    names = work.statements.predicates
    found = np.bincount(work.edges.predicate[rows], minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, found, strict=True) if count}


def _tally(column: pa.ChunkedArray) -> dict[str, int]:
    counted = pc.value_counts(column.combine_chunks())
    pairs = ((item["values"], item["counts"]) for item in counted.to_pylist())
    return dict(sorted(pairs))
