"""What a comparison obeys: two diseases, their values clearly apart, the right one chosen.

A value is an age of onset, in years; a prevalence, as a share of people, of one type at one place;
or a number of causal genes.
"""

import re
from collections.abc import Iterator

from tests.twin import proof
from tests.twin.graph import NO_ONE, Graph
from tests.twin.steps import Question
from tests.twin.words import leaks, mask, surfaces

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
SHARES = {
    "Below1in1000000": (0.0, 1e-6),
    "1to9in1000000": (1e-6, 9e-6),
    "1to9in100000": (1e-5, 9e-5),
    "1to5in10000": (1e-4, 5e-4),
    "6to9in10000": (6e-4, 9e-4),
    "Above1in1000": (1e-3, 1.0),
}
CLASS = re.compile(rf"KGSYNTH:(?P<like>[A-Za-z]+?)(?P<share>{'|'.join(SHARES)})")

#: What a question asks for, by its words: of which value, and whether less of it.
ASKED = {
    "onset": (r"\bearlier\b", r"\blater\b"),
    "prevalence": (r"\brarer\b|\blower\b", r"\bmore common\b|\bhigher\b"),
    "genes": (r"\bfewer\b", r"\bmore (?:causal )?genes\b"),
}


def faults(question: Question) -> list[str]:
    """Return where a comparison breaks a rule."""
    return [*_compared(question), *leaks(question), *proof.citation_faults(question)]


def _compared(question: Question) -> Iterator[str]:
    graph, row = question.graph, question.row
    among, answer = row["query"]["among"], question.bound[question.target]
    if len(set(among)) != 2 or answer not in among:
        yield f"comparison: {answer} is not one of {among}"
        return
    (other,) = [one for one in among if one != answer]
    found = _answers(question)
    if found != [answer] or [one["id"] for one in row["answers"]] != [answer]:
        yield f"U: the answers are {found}"
    if graph.are_kin(answer, other) or any(graph.nodes[one]["is_group"] for one in among):
        yield "G: kin, or a group"
    stem = _without_names(question)
    asked = {
        (value, less)
        for value, words in ASKED.items()
        for less, pattern in zip((True, False), words, strict=True)
        if re.search(pattern, stem)
    }
    if len(asked) != 1:
        yield f"comparison: asked for {sorted(asked)}"
        return
    ((value, less),) = asked
    one, two = (answer, other) if less else (other, answer)
    yield from {"onset": _onsets, "prevalence": _prevalences, "genes": _genes}[value](
        question, one, two
    )


def _answers(question: Question) -> list[str]:
    """Return which of the two the query asks for."""
    graph, query = question.graph, question.row["query"]
    (pattern,) = question.patterns
    if not query["order"]:
        having = graph.links(pattern.predicate, "loose")
        return [one for one in query["among"] if pattern.object in having.get(one, NO_ONE)]
    loose = {one: len(_caused_by(graph, one, loose=True)) for one in query["among"]}
    sure = {one: len(_caused_by(graph, one, loose=False)) for one in query["among"]}
    if query["order"] == "most":
        return [x for x in loose if all(loose[x] >= sure[y] for y in loose if y != x)]
    return [x for x in loose if all(sure[x] <= loose[y] for y in loose if y != x)]


def _without_names(question: Question) -> str:
    among = question.row["query"]["among"]
    names = [name for one in among for name in surfaces(question.graph, one)]
    return mask(question.row["question"], names)


# ---- onset ---------------------------------------------------------------------------------


def _onsets(question: Question, early: str, late: str) -> Iterator[str]:
    (pattern,) = question.patterns
    if question.graph.nodes[pattern.object]["name"] not in YEARS:
        yield f"comparison: {pattern.object} is no onset"
    spans = _span(question, early), _span(question, late)
    if spans[0] is None or spans[1] is None:
        yield "comparison: an onset is disputed or not recorded"
    elif sum(spans[0][1] < bound <= spans[1][0] for bound in BOUNDS) < 2:
        yield f"comparison: {spans} are not clearly apart"


def _span(question: Question, disease: str) -> tuple[float, float] | None:
    graph = question.graph
    terms = graph.said.get("has_attribute", {}).get(disease, set())
    known = {term for term in terms if graph.nodes[term]["name"] in YEARS}
    if not known or known - graph.sure.get("has_attribute", {}).get(disease, set()):
        return None
    spans = [YEARS[graph.nodes[term]["name"]] for term in known]
    return min(low for low, _ in spans), max(high for _, high in spans)


# ---- prevalence ----------------------------------------------------------------------------


def _prevalences(question: Question, rare: str, common: str) -> Iterator[str]:
    """All classes of one type at one place lie apart by five; no other place says the opposite."""
    (pattern,) = question.patterns
    asked = CLASS.fullmatch(pattern.object)
    mine, yours = (_classes(question.graph, one) for one in (rare, common))
    if asked is None or asked["like"] not in mine or asked["like"] not in yours:
        yield f"comparison: {pattern.object} is of no sort that both have"
        return
    for like in mine.keys() & yours.keys():
        highest, lowest = max(mine[like])[1], min(yours[like])[0]
        if like == asked["like"] and not highest * 5 <= lowest * 1.0001:
            yield f"comparison: {mine[like]} and {yours[like]} are not clearly apart"
        if like != asked["like"] and max(yours[like])[1] * 5 <= min(mine[like])[0]:
            yield f"comparison: {like} says the opposite"


def _classes(graph: Graph, disease: str) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for term in graph.said.get("has_attribute", {}).get(disease, ()):
        match = CLASS.fullmatch(term)
        if match and "SpecificPopulation" not in match["like"]:
            found.setdefault(match["like"], []).append(SHARES[match["share"]])
    return found


# ---- genes ---------------------------------------------------------------------------------


def _genes(question: Question, fewer: str, more: str) -> Iterator[str]:
    graph = question.graph
    few, many = (_caused_by(graph, one, loose=False) for one in (fewer, more))
    if not few or len(many) < max(2 * len(few), len(few) + 3):
        yield f"comparison: {len(few)} and {len(many)} genes are not clearly apart"
    if _caused_by(graph, fewer, loose=True) != few:
        yield f"comparison: some genes of {fewer} are merely associated, or disputed"
    told = {
        curie: {edge["id"] for edge in question.row["edges"] if edge["object"] == curie}
        for curie in (fewer, more)
    }
    for curie, genes in ((fewer, few), (more, many)):
        ids = {graph.by_ends[gene, "causes", curie, False]["id"] for gene in genes}
        if told[curie] != ids:
            yield f"comparison: the row does not rest on the causes of {curie}"


def _caused_by(graph: Graph, disease: str, *, loose: bool) -> set[str]:
    links = graph.links("causes", "loose" if loose else "tight", True)
    return set(links.get(disease, NO_ONE)) & graph.in_category["Gene"]
