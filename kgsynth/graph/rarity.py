"""How rare an entity is, in [0, 1]: a mean of the signals that are present.

Diseases have up to five signals, each in [0, 1] with 1 for the rarest; one that a source does not
give is missing, not zero. Findings and other terms have one: their information content. What
causes, treats or prevents diseases (genes, variants, drugs, actions) has one: the rarity of the
commonest of them. How seldom a gene is written about says how little is known of it, not how rare
it is.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.columns import Int64

#: Signal -> weight in the mean, and what it is. The recipe is written into the manifest.
WEIGHTS: dict[str, tuple[float, str]] = {
    "prevalence": (
        4.0,
        "Orphanet's prevalence class, point prevalence before prevalence at birth before "
        "incidence, worldwide before continent before country: 1 for <1/1,000,000 down to 0 for "
        ">1/1,000",
    ),
    "rare_subset": (1.0, "Mondo's subset of rare diseases: 0.5 (rare, but not how rare)"),
    "patients": (
        1.0,
        "patients recorded with a finding, the most of any finding: 1 / (1 + log10(1 + n))",
    ),
    "publications": (1.0, "publications cited for the disease: 1 / (1 + log10(1 + n))"),
    "degree": (0.5, "statements about the disease: 1 / (1 + log10(1 + n))"),
}
#: The worth of the class 1-5/10,000: no more than five in ten thousand, what the European Union
#: calls rare (Regulation (EC) 141/2000).
RARE_CLASS = 0.4
CALLED_RARE = (
    "Orphanet gives a prevalence class of no more than 5 in 10,000, or Mondo lists the disease in "
    "a subset of rare diseases"
)
#: By these a subject that is no disease is as rare as the commonest disease it is linked to.
LINKS = (
    "causes",
    "contributes_to",
    "gene_associated_with_condition",
    "treats",
    "preventative_for_condition",
)
TERM_RECIPE = "information content / log2(annotated diseases)"

Floats = NDArray[np.float64]


def few(counts: Int64) -> Floats:
    """Return counts as rarity: 1 / (1 + log10(1 + n)); NaN where nothing is counted."""
    values: Floats = 1.0 / (1.0 + np.log10(1.0 + counts))
    values[counts <= 0] = np.nan
    return values


def scores(signals: Mapping[str, Floats]) -> Floats:
    """Return the weighted mean of the signals that are present; NaN where none is.

    Args:
        signals: Name of a signal in `WEIGHTS` to its values, shape (n,); NaN where missing.
    """
    names = list(signals)
    values = np.vstack([signals[name] for name in names])
    weights = np.array([WEIGHTS[name][0] for name in names])[:, None]
    present = ~np.isnan(values)
    total = (weights * present).sum(0)
    mean = (weights * np.nan_to_num(values)).sum(0) / np.where(total > 0, total, 1)
    return np.where(total > 0, mean, np.nan)


def recipe(given: Mapping[str, int], linked: Mapping[str, int]) -> dict[str, object]:
    """Return how the score is made, for the manifest.

    Args:
        given: Signal to how many diseases have it.
        linked: Category to how many of its entities have the score of a disease.
    """
    return {
        "disease": "weighted mean of the signals that are present; a missing one is left out",
        "signals": {
            name: {"weight": weight, "meaning": text, "entities": given.get(name, 0)}
            for name, (weight, text) in WEIGHTS.items()
        },
        "called_rare": CALLED_RARE,
        "term": TERM_RECIPE,
        "linked": {
            "meaning": "the score of the commonest disease that it is linked to, by a statement "
            f"that nobody disputes: {', '.join(LINKS)}",
            "entities": dict(sorted(linked.items())),
        },
        "others": "not scored: no source gives a signal",
    }
