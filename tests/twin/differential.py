"""Rule D: what a differential obeys in place of rule M, and what its case says of the patient.

Four to seven findings; each speaks against one of the ten nearest rivals that the row lists; the
trace names three of these or more, and none before a nearer one.
"""

import re
from collections.abc import Iterator

from tests.twin.graph import Graph, lowest_share
from tests.twin.steps import Question
from tests.twin.words import says, surfaces

BEGAN = {
    "at birth": {"Congenital onset"},
    "in the newborn period": {"Neonatal onset"},
    "in infancy": {"Infantile onset"},
    "in childhood": {"Childhood onset", "Pediatric onset"},
    "at school age": {"Juvenile onset"},
    "in young adulthood": {
        "Young adult onset",
        "Early young adult onset",
        "Intermediate young adult onset",
        "Late young adult onset",
    },
    "in adulthood": {"Adult onset"},
    "in middle age": {"Middle age onset"},
    "late in life": {"Late onset"},
}
LEAST = {"nearly all": 0.9, "most": 0.6, "about half of the": 0.4, "many": 0.3}


def faults(question: Question) -> list[str]:
    """Return where a differential breaks rule D or its case is made up."""
    return [*_clues(question), *_rivals(question), *_case(question), *_shares(question)]


def _last(question: Question) -> int:
    """Return the place of the step that concludes, from the end: other forms have one behind it."""
    return -1 if question.row["form"] == "open" else -2


def _clues(question: Question) -> Iterator[str]:
    (step,) = question.steps
    if not 4 <= len(step.clues) <= 7:
        yield f"D: {len(step.clues)} findings"
    listed = question.row["steps"][0]["rivals"]
    for clue in step.clues:
        if not any(clue in rival["fails"] for rival in listed):
            yield f"D: clue {clue} speaks against no rival"


def _rivals(question: Question) -> Iterator[str]:
    """The trace names rivals in their order, and each lacks what is said to be missing."""
    graph, answer = question.graph, question.bound[question.target]
    listed = [rival["id"] for rival in question.row["steps"][0]["rivals"]]
    told = []
    for step in question.row["trace"][: _last(question)]:
        named = [one for one in listed if one in step["entities"]]
        if len(named) != 1:
            yield f"D: a step names {len(named)} rivals"
            continue
        told += named
        yield from _lacks(question, named[0], step["text"])
    if len(set(told)) < 3 or told != sorted(told, key=listed.index):
        yield f"D: the trace tells of {told}"
    for one in told:
        if graph.are_kin(one, answer) or graph.nodes[one]["is_group"]:
            yield f"D: {one} is no other diagnosis"


def _lacks(question: Question, rival: str, text: str) -> Iterator[str]:
    graph = question.graph
    terms = [pattern.object for pattern in question.patterns]
    has, how, lacks = re.split(r"(not recorded with |it is recorded without )", text)
    has = has.partition("recorded with ")[2]  # in front of it stands the rival's name
    denied = graph.denied.get((rival, "has_phenotype"), set())
    for term in (each for each in terms if _told(graph, has, each, terms)):
        if rival not in graph.with_finding(term, "tight"):
            yield f"D: {rival} is not recorded with {term}"
    for term in (each for each in terms if _told(graph, lacks, each, terms)):
        if rival in graph.with_finding(term, "loose"):
            yield f"D: {rival} is recorded with {term}"
        elif "without" in how and not denied & ({term} | graph.ancestors(term)):
            yield f"D: nothing denies {term} of {rival}"


def _told(graph: Graph, text: str, term: str, terms: list[str]) -> bool:
    """Say whether a text tells a finding, and not only as a part of another one's name."""
    found = _found(graph, text, term)
    if not found:
        return False
    own = _plain(max(found, key=len))
    others = (_plain(name) for each in terms if each != term for name in _found(graph, text, each))
    return not any(own in name and own != name for name in others)


def _found(graph: Graph, text: str, term: str) -> list[str]:
    plain = f" {_plain(text)} "
    return [
        name for name in surfaces(graph, term) if says(text, name) or f" {_plain(name)} " in plain
    ]


def _plain(text: str) -> str:
    """Return the words of a text in the singular and without articles: how one says a lay name.

    >>> _plain("Ringing in the ears"), _plain("Ringing in ears")
    ('ringing in ear', 'ringing in ear')
    """
    odd = {"feet": "foot", "teeth": "tooth", "testes": "testis", "reflexes": "reflex"}
    words = re.findall(r"[\w'-]+", text.lower())
    return " ".join(odd.get(word, word.removesuffix("s")) for word in words if word != "the")


def _case(question: Question) -> Iterator[str]:
    graph, answer = question.graph, question.bound[question.target]
    stem = question.row["question"]
    onsets = graph.sure.get("has_attribute", {}).get(answer, set())
    names = {graph.nodes[onset]["name"] for onset in onsets}
    for words in re.findall(rf"(?:began|affected) ({'|'.join(BEGAN)})\b", stem):
        if not BEGAN[words] & names:
            yield f"D: the illness began {words!r}, recorded is {sorted(names)}"
    for pattern in question.patterns:
        if not _found(graph, stem, pattern.object):
            yield f"D: the case leaves {pattern.object} out"
    if match := re.search(r"\b(female|male) patient", stem):
        ends = [(answer, each.predicate, each.object, False) for each in question.patterns]
        sexes = {graph.by_ends[end]["sex"] for end in ends if end in graph.by_ends}
        if sexes - {None} != {match[1]}:
            yield f"D: the patient is {match[1]}"


def _without(text: str, graph: Graph, disease: str) -> str:
    """Return a text without its leading name: "muscular dystrophy 2" tells of no dystrophy."""
    names = sorted(surfaces(graph, disease), key=len, reverse=True)
    plain = text.strip().lower()
    return next((plain[len(name) :] for name in names if plain.startswith(name.lower())), text)


def _shares(question: Question) -> Iterator[str]:
    graph, answer = question.graph, question.bound[question.target]
    for sentence in re.split(
        r"(?<=\.) (?=[A-Z\d])", question.row["trace"][_last(question)]["text"]
    ):
        match = re.search(rf"\b[Ii]n ({'|'.join(LEAST)}) patients with", sentence)
        if not match:
            continue
        # "Ptosis is recorded in most patients with X", or "In most patients with X, ptosis is …".
        head = sentence[: match.start()] or _without(sentence[match.end() :], graph, answer)
        terms = [each.object for each in question.patterns]
        for pattern in question.patterns:
            edge = graph.by_ends.get((answer, pattern.predicate, pattern.object, False))
            if edge and _told(graph, head, pattern.object, terms):
                share = lowest_share(edge)
                if share is None or share < LEAST[match[1]]:
                    yield f"D: {pattern.object} in {match[1]} patients: {share}"
