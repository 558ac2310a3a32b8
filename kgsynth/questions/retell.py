"""A question told again in another register: the same query, answer and forms, other words."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question, clues_of
from kgsynth.questions.chain import word_parts
from kgsynth.questions.comparison import measure_of
from kgsynth.questions.grammar import sentence
from kgsynth.questions.lay import speech
from kgsynth.questions.lexicon import Lexicon
from kgsynth.questions.registers import register_words
from kgsynth.questions.vignette import Case, Teller
from kgsynth.records import Mined, Rejection
from kgsynth.seeding import derive_rng

#: How many ways to say it are tried before a stem that gives something away is rejected.
TRIES = 12


class _Retelling:
    """One question in the words of one register; each call draws anew."""

    def __init__(
        self, mined: Mined, graph: KnowledgeGraph, register: str, rng: np.random.Generator
    ) -> None:
        self.mined = mined
        self.graph = graph
        self.lex: Lexicon = speech(graph, register)
        self.words = register_words(register)
        self.register = register
        self.rng = rng
        self.noun = self.words["noun"][0]
        self.teller = Teller(self.words, graph, self.lex, rng)

    def begin(self, attempt: int) -> None:
        """Begin another stem: the later ones call a disease and its findings otherwise."""
        later = 2 * attempt // TRIES
        self.noun = self.words["noun"][later]
        self.lex = speech(self.graph, "clinician" if later else self.register)
        self.teller.begin(self.noun, self.lex)

    def case(self) -> Case:
        """Return a case of all findings, then what is asked of it."""
        edges, kind = self.mined.query.edges, self.mined.kind
        found = [edge.object for edge in edges if not edge.negated]
        denied = [edge.object for edge in edges if edge.negated]
        # Of the members of a list each has an onset of its own.
        disease = "" if kind == "list" else self.mined.answers[0]
        case = self.teller.tell(disease, found, denied)
        return self._with(case, self.teller.pick(self.words["ask"][kind]))

    def chain(self) -> Case:
        """Return the case of the first disease, and the way on from it."""
        first = self.mined.query.variables[0]
        clues = clues_of(self.mined, first.name) if first.category == "Disease" else []
        case = Case("", "", ())
        if clues:
            case = self.teller.tell(self.mined.bound[first.name], clues)
            case = self._with(case, self.teller.pick(self.words["point"]["variants"]))
        own = self.words["parts"]
        drawn, text = word_parts(
            self.mined, self.graph, self.lex, own, case.text, self.noun, self.rng
        )
        return Case(text, ".".join([*case.variant.split("."), *drawn]).strip("."), case.told)

    def dual(self) -> Case:
        """Return a question after a finding of a named disease."""
        find = self.lex.find(self.mined.candidate)
        slots = {"d": self.lex.say(self.mined.query.edges[0].subject), "find": find}
        return self._with(None, self.teller.pick(self.words["dual"]["variants"], **slots))

    def comparison(self) -> Case:
        """Return a question after two named diseases."""
        a, b = (self.lex.say(curie) for curie in self.mined.query.among)
        variants = self.words["comparison"][self.mined.template.partition("-")[2]]
        measure = measure_of(self.mined, self.graph)
        return self._with(None, self.teller.pick(variants, a=a, b=b, p=measure))

    def _with(self, case: Case | None, last: str) -> Case:
        drawn = self.teller.drawn
        if case is None:
            return Case(sentence(last), drawn, ())
        return Case(f"{case.text} {last}", drawn, case.told)


#: How a kind is told; all others are cases.
_TOLD: dict[str, Callable[[_Retelling], Case]] = {
    "chain": _Retelling.chain,
    "dual": _Retelling.dual,
    "comparison": _Retelling.comparison,
}


def retell(
    question: Question, mined: Mined, graph: KnowledgeGraph, seed: int, register: str
) -> Question | Rejection:
    """Return a question in the words of another register.

    Args:
        question: The question in a clinician's words, with form ``open`` or the kind's own.
        mined: Its query with the proof.
        graph: The graph that it was mined from.
        seed: The seed of the run; with query and register it decides the wording.
        register: ``patient`` or ``exam``.

    Returns:
        The question, or a rejection ``leak`` if every wording gives something away.
    """
    # The two questions of a pair differ in what they name only.
    rng = derive_rng(seed, "questions", register, mined.pair or question.id)
    telling = _Retelling(mined, graph, register, rng)
    tell = _TOLD.get(mined.kind, _Retelling.case)
    shown = {mined.candidate, *mined.query.among}
    secret = (
        mined.bound.values() if mined.kind == "dual" else (*mined.bound.values(), *mined.answers)
    )
    hidden = sorted({*secret} - shown)
    exempt = [e.object for e in mined.query.edges if e.predicate == "subclass_of"]
    exempt += [mined.candidate] if mined.candidate else []
    leak = ""
    for attempt in range(TRIES):
        telling.begin(attempt)
        case = tell(telling)
        leak = telling.lex.leaked(case.text, hidden, exempt)
        if not leak:
            return replace(
                question,
                template=f"{mined.template}/{register}.{case.variant}",
                question=case.text,
                prompt=question.prompt.replace(question.question, case.text),
                register=register,
                told=case.told,
            )
    detail = f"the stem gives {leak!r} away"
    return Rejection(question.id, "questions", "leak", detail, mined.query)
