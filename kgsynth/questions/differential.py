"""Differential questions in words: a case as a clinician tells it, then the question.

The wording lies in ``templates/questions/differential.toml``: which part of the case a finding
belongs to, how the patient is introduced, the variants of each sentence.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.answers import answer_of
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.grammar import agree, sentence
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.rivals import told_rivals
from kgsynth.records import Edge, Mined, Rejection
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng

#: How many ways to say it are tried before a stem that gives something away is rejected.
TRIES = 8

#: Parts of a case, in the order in which they are told.
PARTS = ("history", "examination", "tests")

#: Rivals that the reasoning tells of, at least.
FEWEST_TOLD = 3

#: The share of cases that tell when the illness began, where it is recorded.
TELL_ONSET = 0.75


@cache
def case_words() -> dict[str, Any]:
    """Return the wording in ``templates/questions/differential.toml``."""
    file = data_file("templates", "questions", "differential.toml")
    return tomllib.loads(file.read_text("utf-8"))


def word_differential(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return the case in words, or a rejection.

    Args:
        mined: What `paths.differential` yields.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.

    Returns:
        The question; or a rejection: ``leak`` if every wording gives the answer away,
        ``unclear_name``, ``few_rivals``.
    """
    name = question_id(mined.query, "open")
    lex, rng = lexicon(graph), derive_rng(seed, "questions", name)
    (answer,) = mined.answers
    if lex.say(answer).count(", ") > 1:
        detail = f"{lex.say(answer)!r} would read as a list"
        return Rejection(name, "questions", "unclear_name", detail, mined.query)
    if len(told_rivals(mined, graph)) < FEWEST_TOLD:
        detail = "too few of the nearest rivals are fit to be told as a diagnosis"
        return Rejection(name, "questions", "few_rivals", detail, mined.query)
    leak = ""
    for _ in range(TRIES):
        variant, stem = _stem(mined, graph, rng)
        leak = lex.leaked(stem, [answer])
        if not leak:
            return Question(
                id=name,
                kind="differential",
                form="open",
                template=f"{mined.template}/{variant}",
                question=stem,
                prompt=f"{stem}\n\n{case_words()['prompt']}",
                answer=lex.say(answer),
                answers=(answer_of(answer, graph),),
            )
    return Rejection(name, "questions", "leak", f"the stem gives {leak!r} away", mined.query)


def _stem(mined: Mined, graph: KnowledgeGraph, rng: np.random.Generator) -> tuple[str, str]:
    """Return the variants drawn, such as ``1.0.2``, and the stem."""
    words, lex = case_words(), lexicon(graph)
    who = _who(mined, graph, rng)
    drawn, said = list[str](), list[str]()
    for part, findings in _parts(mined, graph, rng):
        variants = words["more" if said else "first"][part]
        at = int(rng.integers(len(variants)))
        names = [lex.say(one) for one in findings]
        slots = {"who": who, "Who": sentence(who), "finds": lex.finds(findings)}
        said.append(variants[at].format(**slots, **{"is": agree(names, "is", "are")}))
        drawn.append(str(at))
    asks = words["ask"]["variants"]
    at = int(rng.integers(len(asks)))
    return ".".join([*drawn, str(at)]), " ".join([*said, asks[at]])


def _parts(
    mined: Mined, graph: KnowledgeGraph, rng: np.random.Generator
) -> list[tuple[str, list[str]]]:
    """Return the findings by part of the case, those of one organ system together."""
    clues = [edge.object for edge in mined.query.edges]
    placed: dict[str, list[tuple[int, float, str]]] = {part: [] for part in PARTS}
    for clue in clues:
        at = system_of(graph, clue)
        placed[case_words()["system"][at]["part"]].append((at, float(rng.random()), clue))
    return [(part, [clue for _, _, clue in sorted(found)]) for part, found in placed.items()
            if found]  # fmt: skip


def system_of(graph: KnowledgeGraph, finding: str) -> int:
    """Return the place of the class in the templates that a finding belongs to."""
    above = graph.ancestors(finding) | {finding}
    systems = case_words()["system"]
    return next((at for at, one in enumerate(systems) if one["class"] in above), len(systems) - 1)


def _who(mined: Mined, graph: KnowledgeGraph, rng: np.random.Generator) -> str:
    words = case_words()["who"]
    person = words[sex_of(mined, graph) or "plain"]
    told = [case_words()["when"][edge.object] for edge in onsets_of(mined.answers[0], graph)]
    if not told or rng.random() >= TELL_ONSET:
        return str(person)
    variants: Sequence[str] = words["since"]
    when = told[int(rng.integers(len(told)))]
    return variants[int(rng.integers(len(variants)))].format(person=person, when=when)


def onsets_of(disease: str, graph: KnowledgeGraph) -> list[Edge]:
    """Return the undisputed statements of an onset that the templates have words for."""
    known = case_words()["when"]
    edges = graph.edges_of(disease, "has_attribute")
    return [edge for edge in edges if edge.object in known and not edge.contested]


def sex_of(mined: Mined, graph: KnowledgeGraph) -> str:
    """Return the one sex in which the findings are recorded, "" where no record names one."""
    (disease,) = mined.answers
    edges = [graph.find_edge(disease, edge.predicate, edge.object) for edge in mined.query.edges]
    sexes = {edge.sex for edge in edges if edge is not None and edge.sex}
    return sexes.pop() if len(sexes) == 1 else ""
