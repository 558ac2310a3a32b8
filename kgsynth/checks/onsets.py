"""What a text says of the onset of a disease: "X is recorded with infantile onset".

Terms of onset are too plain ("late onset") to be looked for everywhere; they count as mentions
where they stand behind "recorded with" or "recorded for", and belong to the disease beside them.
"""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from kgsynth.checks.base import Context
from kgsynth.checks.claims import Clause, clauses_of, is_denied_in
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Finding

#: Between two terms of onset: which comes first.
COMPARED = re.compile(r" onset comes (?P<order>before|after) ")


def check_onsets(context: Context, index: int) -> Iterator[Finding]:
    """Yield findings where a step states an onset that is not recorded, or not cited.

    Yields:
        ``unsupported_claim``, ``uncited_claim``, ``recorded_denial``.
    """
    step = context.row.trace[index]
    if " onset" not in step.text:
        return
    cited = [edge for at in range(index + 1) for edge in context.step_edges(at)]
    proved = {(e.subject, e.object) for e in cited if e.predicate == "has_attribute"}
    for said in onsets_in(context, index):
        edge = context.graph.find_edge(said.disease, "has_attribute", said.onset)
        code = ""
        if said.denied:
            code = "" if edge is None else "recorded_denial"
        elif edge is None or edge.contested:
            code = "unsupported_claim"
        elif (said.disease, said.onset) not in proved:
            code = "uncited_claim"
        if code:
            message = f"{said.disease} has_attribute {said.onset}"
            yield Finding(code, index, said.start, said.end, message=message)


class Said(NamedTuple):
    """An onset that a text gives a disease, or denies it, and where."""

    disease: str
    onset: str
    denied: bool
    start: int
    end: int


def onsets_in(context: Context, index: int) -> Iterator[Said]:
    """Yield every onset that a step states or denies of a disease."""
    step = context.row.trace[index]
    names, pattern = onset_names(context.graph)
    spoken_of = ""
    for clause in clauses_of(context, step.text, frozenset(step.entities)):
        diseases = [spot for spot in clause.spots if spot.category == "Disease"]
        if COMPARED.search(clause.text):
            continue  # "infantile onset comes before adult onset" says so of no disease
        for match in pattern.finditer(clause.text):  # names of diseases are blanked in it
            owner = _owner(clause, clause.start + match.start()) or spoken_of
            if owner:
                at = clause.start + match.start()
                denied, end = is_denied_in(clause), clause.start + match.end()
                yield Said(owner, names[match[0].lower()], denied, at, end)
        spoken_of = diseases[-1].node if diseases else spoken_of


def _owner(clause: Clause, at: int) -> str:
    diseases = [spot for spot in clause.spots if spot.category == "Disease"]
    before = [spot for spot in diseases if spot.start < at]
    chosen = before[-1:] or diseases[:1]
    return chosen[0].node if chosen else ""


@functools.lru_cache(maxsize=8)
def onset_names(graph: KnowledgeGraph) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the terms of onset by their names in lower case, and what finds them in a text."""
    categories, ids = graph.column("category").to_pylist(), graph.column("id").to_pylist()
    names = {
        graph.node(curie).name.lower(): curie
        for curie, category in zip(ids, categories, strict=True)
        if category == "Onset" and graph.node(curie).name.lower().endswith(" onset")
    }
    ordered = sorted(names, key=len, reverse=True)
    words = "|".join(re.escape(name) for name in ordered) or r"(?!)"
    return names, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
