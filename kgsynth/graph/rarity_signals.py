"""Gather the signals of rarity from sources and edges; `rarity` weighs them."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph import rarity
from kgsynth.graph.columns import Bool, Int64
from kgsynth.graph.unite import evidence_of
from kgsynth.graph.work import Work


def rarity_scores(
    work: Work, rows: Int64, bits: rarity.Floats, annotated: int, contested: Bool
) -> tuple[rarity.Floats, Bool, dict[str, object]]:
    """Return each node's rarity score, NaN where nothing says how rare it is; and what says so.

    The second is whether a source calls it rare (see `rarity.CALLED_RARE`), the third the recipe
    for the manifest, with how many entities each signal is given for.

    Args:
        work: Sources and edges.
        rows: The edges from diseases to terms.
        bits: Information content of each node, NaN where it has none.
        annotated: Diseases with a positive edge.
        contested: shape (n_edges,); which edges are disputed.
    """
    size = len(work.described.codes)
    signals = {name: np.full(size, np.nan) for name in ("prevalence", "rare_subset")}
    for one in work.sources.values():
        given = one.data.signals
        nodes = work.rows_of(given["entity"])
        names = np.array(given["signal"].to_pylist(), dtype=object)
        values = given["value"].to_numpy()
        for name, column in signals.items():
            chosen = (names == name) & (nodes >= 0)
            # Twin records may have a class each: the rarer one, whatever their order.
            np.fmax.at(column, nodes[chosen], values[chosen])
    called = (signals["prevalence"] >= rarity.RARE_CLASS) | ~np.isnan(signals["rare_subset"])
    signals |= _counted(work, rows, size)
    disease = work.is_kind(work.described.codes, "Disease")
    given = {name: int((disease & ~np.isnan(values)).sum()) for name, values in signals.items()}
    score = np.where(disease, rarity.scores(signals), np.nan)
    if annotated > 1:
        score = np.where(np.isnan(bits), score, np.clip(bits / np.log2(annotated), 0, 1))
    linked = _linked(work, score, contested)
    fresh = np.isnan(score) & ~np.isnan(linked)
    kinds = pa.array(work.columns["category"]).filter(pa.array(fresh)).to_pylist()
    recipe = rarity.recipe(given, Counter(kinds))
    return np.where(fresh, linked, score), called & disease, recipe


def _linked(work: Work, score: rarity.Floats, contested: Bool) -> rarity.Floats:
    """Return the score of the commonest disease that each node causes, treats or prevents."""
    edges = work.edges
    mine = np.logical_or.reduce([work.is_predicate(name) for name in rarity.LINKS])
    mine &= work.is_kind(edges.object, "Disease") & ~edges.negated & ~contested
    found = np.full(len(score), np.inf)
    values = score[work.node_of(edges.object[mine])]
    np.fmin.at(found, work.node_of(edges.subject[mine]), values)
    return np.where(np.isfinite(found), found, np.nan)


def _counted(work: Work, rows: Int64, size: int) -> dict[str, rarity.Floats]:
    """Return the signals that are counted from the statements about a disease."""
    positive = rows[~work.edges.negated[rows]]
    order, start = evidence_of(work.edges, rows)
    sizes = np.diff(np.append(start, len(order)))
    examined = np.maximum(work.statements.numbers["examined"][order], 0).astype(np.int64)
    patients = np.zeros(size, dtype=np.int64)
    if len(rows):
        each = np.add.reduceat(examined, start)
        np.maximum.at(patients, work.node_of(work.edges.subject[rows]), each)
    codes, words = work.statements.texts["reference"]
    is_paper = np.asarray(pc.match_substring_regex(words, "^(PMID|ISBN|DOI)"))
    papers = is_paper[codes[order]]
    nodes = work.node_of(work.edges.subject[np.repeat(rows, sizes)[papers]])
    keys = np.unique(nodes * len(words) + codes[order][papers])
    return {
        "patients": rarity.few(patients),
        "publications": rarity.few(np.bincount(keys // len(words), minlength=size)),
        "degree": rarity.few(
            np.bincount(work.node_of(work.edges.subject[positive]), minlength=size)
        ),
    }
