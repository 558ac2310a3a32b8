"""Narrowing in words: how findings single out one disease among those recorded."""

from collections.abc import Sequence

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.grammar import agree, number_word
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.slots import Slots
from kgsynth.records import Mined, ProofStep, TraceStep
from kgsynth.traces.facts import Fact, facts_of
from kgsynth.traces.links import SLOTS, Link
from kgsynth.traces.said import Words, section, ways_to_count

#: Numbers above this are written in digits, which do not begin a sentence.
SPELLED = 10


class Passage:
    """A step in the making: its text, what it cites, what it mentions."""

    def __init__(self) -> None:
        self.rule = ""
        self._texts: list[str] = []
        self._edges: list[str] = []
        self._entities: list[str] = []

    def say(self, text: str) -> None:
        """Add a sentence."""
        self._texts.append(text)

    def cite(self, fact: Fact) -> None:
        """Add the statements of a fact, and what they name."""
        self._edges += [edge.id for edge in fact.edges]
        if fact.rule and not self.rule:
            self.rule = fact.rule

    def mention(self, *curies: str) -> None:
        """Add entities that the text names."""
        self._entities += curies

    def step(self, concludes: str) -> TraceStep:
        """Return the finished step."""
        edges, entities = dict.fromkeys(self._edges), dict.fromkeys(self._entities)
        return TraceStep(" ".join(self._texts), tuple(edges), tuple(entities), self.rule, concludes)


class Narrower:
    """Writes the steps that end at a disease with findings of its own."""

    def __init__(self, mined: Mined, graph: KnowledgeGraph, words: Words) -> None:
        self.facts = facts_of(graph)
        self._mined = mined
        self._bound = mined.bound
        self._lex = lexicon(graph)
        self._words = words

    def first(self, proof: ProofStep, variable: str) -> Passage:
        """Return the step from the findings of the first disease to that disease."""
        passage, clues, facts = self._begin(proof, variable)
        passage.say(self._narrowing("narrow", proof, clues, d=self._name(variable)))
        self._forms(passage, clues, facts, variable)
        return passage

    def later(self, proof: ProofStep, link: Link, *, sole: bool, others: bool) -> Passage:
        """Return the step over a link to another disease: from a gene, a drug or a treatment.

        Args:
            proof: The step.
            link: The last link of the step.
            sole: Whether the step leads over this gene or drug only; else its counts are of all
                ways.
            others: Whether an earlier disease led here, so that the text speaks of other ones.
        """
        passage, clues, facts = self._begin(proof, link.variable)
        passage.mention(self._bound[link.before])
        passage.cite(self.fact(link))
        slots = self.slots(link)
        # A disease is no pool to narrow: the text would not say which of the two has what.
        sole = sole and link.starts not in ("Disease", "PhenotypicFeature")
        narrow = section(link.key, "narrow" if sole else "narrow_walk")
        if not others:
            narrow = f"narrow_link_first{'' if sole else '_walk'}"
        if sole and len(clues) > 1 and proof.candidates[0] > 1:
            passage.say(self._narrowing(narrow, proof, clues, **slots))
        else:
            kind = narrow
            if not sole:
                spine = self._mined.query.spine
                before = spine[max(1, spine.index(link.before) - 1)]
                start = self._start(proof) if len(proof.variables) != 2 else before
                slots |= {"before": self._name(before), "start": self._name(start)}
                passage.mention(self._bound[start])
            state = "all" if sole or len(proof.variables) == 2 else "far"
            passage.say(self._words.pick(kind, state, f=self._lex.finds(clues), **slots))
        self._forms(passage, clues, facts, link.variable)
        return passage

    def fact(self, link: Link) -> Fact:
        """Return the statement that a link walks."""
        ends = self._bound[link.before], self._bound[link.variable]
        subject, object_ = reversed(ends) if link.inverse else ends
        return self.facts.of(subject, link.predicate, object_)

    def slots(self, link: Link) -> dict[str, str]:
        """Return how a link and its two ends are said."""
        here, there = self._name(link.before), self._name(link.variable)
        slots = {"here": here, "there": there, **link.verbs()}
        for kind, name in ((link.starts, here), (link.ends, there)):
            if kind in SLOTS:
                slots[SLOTS[kind]] = name
        return slots

    def _begin(self, proof: ProofStep, variable: str) -> tuple[Passage, list[str], list[Fact]]:
        """Return a step that mentions and cites its clues, these, and why they hold."""
        passage, edges, disease = Passage(), self._mined.query.edges, self._bound[variable]
        clues = [edges[i].object for i in proof.clues]
        passage.mention(disease, *clues)
        facts = [self.facts.of(disease, "has_phenotype", clue) for clue in clues]
        for fact in facts:
            passage.cite(fact)
        return passage, clues, facts

    def _narrowing(self, kind: str, proof: ProofStep, clues: Sequence[str], /, **slots: str) -> str:
        """Return how each finding in turn leaves fewer disorders, until one is left."""
        left, pick = proof.candidates, self._words.pick
        found = [self._lex.find(clue) for clue in clues]
        if left[0] == 1:
            text, at = pick(kind, "alone", f=found[0], **slots), 1
        else:
            text, at = self._many(kind, left[0], clues[0], slots), 1
            while left[at] > 1:
                state = "same" if left[at] == left[at - 1] else "next" if at == 1 else "further"
                text += pick("narrow", state, n=_number(left[at]), f=found[at])
                at += 1
            text += pick("narrow", "last", f=found[at], **slots)
            at += 1
        rest = self._lex.finds(clues[at:])
        said = [self._lex.say(clue) for clue in clues[at:]]
        if not rest:
            return f"{text}."
        verbs = {"completes": agree(said, "completes", "complete"), "is": agree(said, "is", "are")}
        return text + pick("narrow", "rest", f=rest, **verbs)

    def _many(self, kind: str, number: int, clue: str, slots: dict[str, str]) -> str:
        found, count = self._lex.find(clue), _number(number)
        verb = agree([self._lex.say(clue)], "is", "are")
        ways = ways_to_count(kind, number <= SPELLED)
        chosen = ways[int(self._words.chance() * len(ways))]
        return chosen.format_map(Slots(slots, f=found, n=count, **{"is": verb}))

    def _forms(
        self, passage: Passage, clues: Sequence[str], facts: Sequence[Fact], variable: str
    ) -> None:
        """Say which finding the source names where a clue only follows from it."""
        text = ""
        for clue, fact in zip(clues, facts, strict=True):
            if fact.stated != clue:
                passage.mention(fact.stated)
                said = self._lex.say(clue)
                verb = agree([said], "is", "are")
                slots = {"t": said, "p": self._lex.find(fact.stated), "is": verb}
                state = "more" if text else "first"
                text += self._words.pick("form", state, d=self._name(variable), **slots)
        if text:
            passage.say(f"{text}.")

    def _start(self, proof: ProofStep) -> str:
        """Return the variable that a step starts from."""
        spine = self._mined.query.spine
        return spine[spine.index(proof.variables[0]) - 1]

    def _name(self, variable: str) -> str:
        return self._lex.say(self._bound[variable])


def _number(number: int) -> str:
    """Return a number as it stands inside a sentence."""
    return number_word(number) if number <= SPELLED else f"{number:,}"
