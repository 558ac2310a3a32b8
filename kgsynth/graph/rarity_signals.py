"""Gather the signals of rarity from sources and edges; `rarity` weighs them."""

import numpy as np
import pyarrow.compute as pc

from kgsynth.graph import rarity
from kgsynth.graph.columns import Bool, Int64
from kgsynth.graph.work import Work


def rarity_scores(
    work: Work, rows: Int64, bits: rarity.Floats, annotated: int
) -> tuple[rarity.Floats, Bool, dict[str, int]]:
    """Return each node's rarity score, NaN where nothing says how rare it is; and what says so.

    The second is whether a source calls it rare (see `rarity.CALLED_RARE`), the third how many
    diseases each signal is given for.

    Args:
        work: Sources and edges.
        rows: The edges from diseases to terms.
        bits: Information content of each node, NaN where it has none.
        annotated: Diseases with a positive edge.
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
    return score, called & disease, given


def _counted(work: Work, rows: Int64, size: int) -> dict[str, rarity.Floats]:
    """Return the signals that are counted from the statements about a disease."""
    positive = rows[~work.edges.negated[rows]]
    owner = np.repeat(np.arange(len(work.edges)), np.diff(work.edges.start))
    mine = np.isin(owner, rows)
    order, owner = work.edges.order[mine], owner[mine]
    examined = np.maximum(work.statements.numbers["examined"][order], 0).astype(np.int64)
    per_edge = np.bincount(owner, examined, minlength=len(work.edges)).astype(np.int64)
    patients = np.zeros(size, dtype=np.int64)
    np.maximum.at(patients, work.node_of(work.edges.subject[rows]), per_edge[rows])
    codes, words = work.statements.texts["reference"]
    is_paper = np.asarray(pc.match_substring_regex(words, "^(PMID|ISBN|DOI)"))
    papers = is_paper[codes[order]]
    nodes = work.node_of(work.edges.subject[owner[papers]])
    keys = np.unique(nodes * len(words) + codes[order][papers])
    return {
        "patients": rarity.few(patients),
        "publications": rarity.few(np.bincount(keys // len(words), minlength=size)),
        "degree": rarity.few(
            np.bincount(work.node_of(work.edges.subject[positive]), minlength=size)
        ),
    }
