"""What a comparison obeys: two diseases, their onsets clearly apart, the right one chosen."""

import re
from collections.abc import Iterator

from tests.twin import proof
from tests.twin.steps import Question

YEARS = {
    "Antenatal onset": (-0.8, -0.01),
    "Embryonal onset": (-0.8, -0.01),
    "Fetal onset": (-0.8, -0.01),
    "Late first trimester onset": (-0.8, -0.01),
    "Second trimester onset": (-0.8, -0.01),
    "Third trimester onset": (-0.8, -0.01),
    "Congenital onset": (0.0, 0.0),
    "Neonatal onset": (0.01, 0.08),
    "Infantile onset": (0.09, 0.99),
    "Pediatric onset": (0.0, 15.99),
    "Childhood onset": (1.0, 4.99),
    "Juvenile onset": (5.0, 15.99),
    "Early young adult onset": (16.0, 18.99),
    "Intermediate young adult onset": (19.0, 24.99),
    "Late young adult onset": (25.0, 39.99),
    "Young adult onset": (16.0, 39.99),
    "Middle age onset": (40.0, 59.99),
    "Late onset": (60.0, 120.0),
    "Adult onset": (16.0, 120.0),
}
BOUNDS = sorted({low for low, _ in YEARS.values()})


def faults(question: Question) -> list[str]:
    """Return where a comparison breaks a rule."""
    return [*_compared(question), *proof.citation_faults(question)]


def _compared(question: Question) -> Iterator[str]:
    graph, row = question.graph, question.row
    among, answer = row["query"]["among"], question.bound[question.target]
    (pattern,) = question.patterns
    if len(set(among)) != 2 or answer not in among:
        yield f"comparison: {answer} is not one of {among}"
        return
    (other,) = [one for one in among if one != answer]
    having = graph.said.get("has_attribute", {})
    found = [one for one in among if pattern.object in having.get(one, ())]
    if found != [answer] or [one["id"] for one in row["answers"]] != [answer]:
        yield f"U: the answers are {found}"
    if graph.are_kin(answer, other) or any(graph.nodes[one]["is_group"] for one in among):
        yield "G: kin, or a group"
    spans = {one: _span(question, one) for one in among}
    if None in spans.values():
        yield "comparison: an onset is disputed or not recorded"
        return
    asked = set(re.findall(r"\b(?:earlier|later)\b", row["question"]))
    early, late = (answer, other) if asked == {"earlier"} else (other, answer)
    end, start = spans[early][1], spans[late][0]  # type: ignore[index]
    if len(asked) != 1 or sum(end < bound <= start for bound in BOUNDS) < 2:
        yield f"comparison: {spans} are not clearly apart"


def _span(question: Question, disease: str) -> tuple[float, float] | None:
    graph = question.graph
    terms = graph.said.get("has_attribute", {}).get(disease, set())
    known = {term for term in terms if graph.nodes[term]["name"] in YEARS}
    if not known or known - graph.sure.get("has_attribute", {}).get(disease, set()):
        return None
    spans = [YEARS[graph.nodes[term]["name"]] for term in known]
    return min(low for low, _ in spans), max(high for _, high in spans)
