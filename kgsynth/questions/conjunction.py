"""Questions of one step in words: what all clues hang on is asked for in a sentence or two.

The variants lie in ``templates/questions``, a file for each kind, where their slots are explained.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.answers import answer_of
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.grammar import agree, sentence
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.records import Kind, Mined, Rejection
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng

#: How many ways to say it are tried before a stem that gives something away is rejected.
TRIES = 12


@dataclass(frozen=True, slots=True)
class Stems:
    """The wording of one kind: how to answer, and the variants of the stem."""

    prompt: str
    variants: tuple[str, ...]


@cache
def stems_of(kind: str) -> Stems:
    """Return the wording in ``templates/questions/<kind>.toml``."""
    file = data_file("templates", "questions", f"{kind}.toml")
    table = tomllib.loads(file.read_text("utf-8"))
    return Stems(table["prompt"], tuple(table["stems"]))


def word_conjunction(
    mined: Mined,
    graph: KnowledgeGraph,
    seed: int,
    kind: Kind,
    say_answer: Callable[[Mined, Lexicon], str],
) -> Question | Rejection:
    """Return the question in words, or a rejection ``leak`` if every wording gives it away.

    Args:
        mined: A query of one step with its proof.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.
        kind: The kind of question.
        say_answer: Says the answer.
    """
    stems, name, lex = stems_of(kind), question_id(mined.query, "open"), lexicon(graph)
    rng = derive_rng(seed, "questions", name)
    leak = ""
    for attempt in range(TRIES):
        # "Disorder" stands in the names of some findings; "condition" hardly ever does.
        noun = "disorder" if attempt < TRIES // 2 else "condition"
        at = int(rng.integers(len(stems.variants)))
        stem = stems.variants[at].replace("disorder", noun).format(**_slots(mined, lex, rng))
        leak = lex.leaked(stem, mined.answers)
        if not leak:
            return Question(
                id=name,
                kind=kind,
                form="open",
                template=f"{mined.template}/{at}",
                question=stem,
                prompt=f"{stem}\n\n{stems.prompt}",
                answer=say_answer(mined, lex),
                answers=tuple(answer_of(curie, graph) for curie in mined.answers),
            )
    return Rejection(name, "questions", "leak", f"the stem gives {leak!r} away", mined.query)


def say_target(mined: Mined, lex: Lexicon) -> str:
    """Return what the target's entity is called."""
    return lex.say(mined.bound[mined.query.target])


def _slots(mined: Mined, lex: Lexicon, rng: np.random.Generator) -> dict[str, str]:
    """Return the findings in an order by lot, and what is denied."""
    edges = mined.query.edges
    found = [edge.object for edge in edges if not edge.negated]
    found = [found[int(i)] for i in rng.permutation(len(found))]
    denied = [edge.object for edge in edges if edge.negated]
    slots = {
        "finds": lex.finds(found),
        "first": lex.find(found[0]),
        "rest": lex.finds(found[1:]),
    }
    if denied:
        said = [lex.say(curie) for curie in denied]
        slots |= {"lacks": lex.finds(denied, "or"), "denied": lex.finds(denied)}
        slots |= {"has": agree(said, "has", "have"), "is": agree(said, "is", "are")}
    return slots | {name.capitalize(): sentence(text) for name, text in slots.items()}
