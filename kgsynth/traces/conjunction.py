"""What the traces of one-step questions share: narrowing to a few, what is derived, who comes near.

The sentences lie in ``templates/traces/intersection.toml``; those of one kind in a file of its own.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.grammar import agree, number_word
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.slots import Slots
from kgsynth.records import Mined
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import facts_of
from kgsynth.traces.narrow import Passage

#: Chance that a trace tells what its nearest rival lacks.
TELL_RIVAL = 0.6

#: Numbers above this are written in digits, which do not begin a sentence.
SPELLED = 10

_FINDING = "has_phenotype"


@cache
def _sentences(kind: str) -> dict[str, Any]:
    """Return the sentences of a kind, over those that all kinds share."""
    found: dict[str, Any] = {}
    for name in ("intersection", kind):
        text = data_file("templates", "traces", f"{name}.toml").read_text("utf-8")
        found |= tomllib.loads(text)
    return found


class OneStep:
    """Writes sentences about one question; the choice is drawn from seed and question."""

    def __init__(self, mined: Mined, question: Question, graph: KnowledgeGraph, seed: int) -> None:
        self.graph = graph
        self.lex = lexicon(graph)
        self.facts = facts_of(graph)
        self.mined = mined
        (self.proof,) = mined.steps
        edges = mined.query.edges
        self.found = [edge.object for edge in edges if not edge.negated]
        self.denied = [edge.object for edge in edges if edge.negated]
        self._table = _sentences(question.kind)
        draws: list[float] = derive_rng(seed, "traces", question.id).random(64).tolist()
        self._draws = iter(draws)

    def pick(self, section: str, state: str, **slots: str) -> str:
        """Return one variant of a sentence; a slot ``d`` is ``{D}`` where a sentence begins."""
        variants = self._table[section][state]
        if isinstance(variants, str):
            variants = [variants]
        chosen: str = variants[int(next(self._draws) * len(variants))]
        return chosen.format_map(Slots(slots))

    def word(self, section: str, name: str) -> str:
        """Return a single entry of the templates; ``other`` where there is none of that name."""
        table: dict[str, str] = self._table[section]
        return table.get(name, table["other"])

    def narrowing(self) -> Passage:
        """Return how the findings, one after another, leave fewer disorders."""
        passage = Passage()
        passage.mention(*self.found)
        left = self.proof.candidates
        text = self._many(left[0])
        for at in range(1, len(self.found)):
            state = "same" if left[at] == left[at - 1] else "next" if at == 1 else "further"
            found = self.lex.find(self.found[at])
            text += self.pick("shared", state, n=number(left[at]), f=found)
        passage.say(f"{text}.")
        return passage

    def _many(self, count: int) -> str:
        found = self.lex.find(self.found[0])
        slots = {"f": found, "n": number(count)}
        slots["is"] = agree([self.lex.say(self.found[0])], "is", "are")
        ways = [w for w in self._table["shared"]["many"] if count <= SPELLED or w[:3] != "{N}"]
        chosen: str = ways[int(next(self._draws) * len(ways))]
        return chosen.format_map(Slots(slots))

    def cite(self, passage: Passage, disease: str) -> None:
        """Cite that a disorder has every finding, and say in which form where that is another."""
        text = ""
        for clue in self.found:
            fact = self.facts.of(disease, _FINDING, clue)
            passage.cite(fact)
            if fact.stated != clue:
                passage.mention(fact.stated)
                said = self.lex.say(clue)
                verb = agree([said], "is", "are")
                slots = {"t": said, "p": self.lex.find(fact.stated), "is": verb}
                state = "more" if text else "first"
                text += self.pick("form", state, d=self.lex.say(disease), **slots)
        if text:
            passage.say(f"{text}.")

    def holds(self, disease: str, finding: str) -> bool:
        """Say whether a disorder has a finding on record, beyond dispute."""
        try:
            self.facts.of(disease, _FINDING, finding)
        except UnknownEntityError:
            return False
        return True

    def tell_rival(self, passage: Passage, members: Sequence[str]) -> None:
        """Tell by lot what the nearest rival is not recorded with, where one comes near."""
        if next(self._draws) >= TELL_RIVAL:
            return
        clues = self.mined.query.edges
        near = (r for r in self.proof.rivals if len(r.fails) < len(clues))
        rival = next((r for r in near if self.tellable(r.id, members)), None)
        if rival is not None:
            missing = [clues[index].object for index in rival.fails[:3]]
            said = self.lex.finds(missing, "or")
            passage.say(self.pick("rival", "one", rival=self.lex.say(rival.id), f=said))
            passage.mention(rival.id, *missing)

    def tellable(self, curie: str, members: Sequence[str]) -> bool:
        """Whether another disorder's name reads well and can mean only that one."""
        group = self.graph.node(curie).is_group
        return not group and "," not in self.lex.say(curie) and self.is_another(curie, members)

    def is_another(self, curie: str, members: Sequence[str]) -> bool:
        """Whether a disorder's name is no answer's (as an unmapped twin's is) and no finding's."""
        own = {self.lex.say(member).casefold() for member in members}
        return self.lex.say(curie).casefold() not in own and not self.lex.means_finding(curie)


def number(value: int) -> str:
    """Return a number as it stands inside a sentence."""
    return number_word(value) if value <= SPELLED else f"{value:,}"
