"""A question in plain clauses, for a spine that no file of templates has words for.

Each hop is one sentence made of the verb of its predicate: "It is treated with a drug. This drug
inhibits a protein. Which biological process is promoted by this protein?"
"""

from itertools import pairwise

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import clues_of, label_of
from kgsynth.questions.grammar import sentence
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.questions.relations import a_kind_of, kind_of, verb_of
from kgsynth.records import Mined, QueryEdge

_ORDINALS = ("", "", "second", "third", "fourth", "fifth", "sixth")


def plain_stem(
    mined: Mined,
    graph: KnowledgeGraph,
    first: str,
    noun: str,
    rng: np.random.Generator,
    *,
    lex: Lexicon | None = None,
    opening: str = "",
) -> str:
    """Return the stem of a chain.

    Args:
        mined: A chain.
        graph: Its graph.
        first: How the clues of the first disease are said, with the slots of its template.
        noun: What a disease is called: "disorder" or "condition".
        rng: Decides the order of the clues.
        lex: How entities are called; None for a clinician's words.
        opening: What stands in place of the first sentence; "" for none.
    """
    writer = _Plain(mined, lex or lexicon(graph), noun, rng)
    variables = [variable.name for variable in mined.query.variables]
    begun = first.replace("disorder", noun).format(**writer.slots(variables[0]))
    said = [opening or begun]
    for before, variable in pairwise(variables):
        if variable != mined.query.target or clues_of(mined, variable):
            said.append(writer.on(before, variable))
    said.append(writer.ask(variables[-2], variables[-1]))
    return " ".join(said)


class _Plain:
    """Writes the sentences of one stem."""

    def __init__(self, mined: Mined, lex: Lexicon, noun: str, rng: np.random.Generator) -> None:
        self._mined = mined
        self._lex = lex
        self._noun = noun
        self._rng = rng
        self._kinds = {v.name: v.category for v in mined.query.variables}

    def slots(self, variable: str) -> dict[str, str]:
        """Return the findings of a variable as the slots of a template."""
        clues = clues_of(self._mined, variable)
        finds = self._lex.finds([clues[i] for i in self._rng.permutation(len(clues))])
        return {"finds": finds, "Finds": sentence(finds)}

    def on(self, before: str, variable: str) -> str:
        """Return the sentence that leads from one entity to the next."""
        edge = self._edge(before, variable)
        verb = verb_of(edge.predicate, inverse=edge.object == before, also=self._nth(variable) > 1)
        finds = self.slots(variable)["finds"]
        tail = f", one with {finds}" if finds else ""
        return f"{sentence(self._the(before))} {verb} {self._a(variable)}{tail}."

    def ask(self, before: str, variable: str) -> str:
        """Return the question itself."""
        if clues_of(self._mined, variable):
            return f"Which {self._noun} is {'that' if self._nth(variable) > 1 else 'it'}?"
        edge = self._edge(before, variable)
        verb = verb_of(edge.predicate, inverse=edge.subject == before)
        classes = [e.object for e in self._mined.query.edges if e.predicate == "subclass_of"]
        kind = self._lex.class_of_findings(classes[0]) if classes else self._kind(variable)
        other = "other " if self._nth(variable) > 1 and not classes else ""
        return f"Which {other}{kind} {self._label(variable)}{verb} {self._the(before)}?"

    def _label(self, target: str) -> str:
        label = label_of(self._mined)
        if label is None:
            return ""
        (edge,) = (e for e in self._mined.query.edges if label in (e.subject, e.object))
        verb = verb_of(edge.predicate, inverse=edge.object == target, also=True)
        return f"that {verb} {self._lex.say(label)} "

    def _edge(self, one: str, other: str) -> QueryEdge:
        edges = self._mined.query.edges
        return next(edge for edge in edges if {edge.subject, edge.object} == {one, other})

    def _kind(self, variable: str) -> str:
        category = self._kinds[variable]
        return self._noun if category == "Disease" else kind_of(category)

    def _nth(self, variable: str) -> int:
        """Return the place of a variable among those of its category, from 1."""
        same = [name for name, kind in self._kinds.items() if kind == self._kinds[variable]]
        return same.index(variable) + 1

    def _a(self, variable: str) -> str:
        nth = self._nth(variable)
        if nth == 1:
            category = self._kinds[variable]
            return f"a {self._noun}" if category == "Disease" else a_kind_of(category)
        return f"{'another' if nth == 2 else f'a {_ORDINALS[nth]}'} {self._kind(variable)}"

    def _the(self, variable: str) -> str:
        nth = self._nth(variable)
        if nth == 1:
            return f"this {self._kind(variable)}"
        return f"that {'other' if nth == 2 else _ORDINALS[nth]} {self._kind(variable)}"
