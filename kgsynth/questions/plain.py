"""A question in plain clauses, for a spine that no file of templates has words for.

Each hop is one sentence made of the verb of its predicate: "It is treated with a drug. This drug
inhibits a protein. Which biological process is promoted by this protein?"
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import clues_of, labels_of, named_end
from kgsynth.questions.grammar import join_list, sentence, with_article
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.questions.relations import a_kind_of, kind_of, verb_of
from kgsynth.records import Mined, QueryEdge
from kgsynth.verbs import reads_back
from kgsynth.vocabulary import questions_of, verb_words

#: How the first entity is pinned where it is no disease with findings.
_FIRST = (
    "Only one {kind} on record {does}.",
    "Consider the only recorded {kind} that {does}.",
    "Just one {kind}, as recorded, {does}.",
    "There is a single {kind} on record that {does}.",
)

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
    said = [opening or writer.first(variables[0], first)]
    for before, variable in pairwise(variables):
        if variable != mined.query.target or clues_of(mined, variable):
            said.append(writer.on(before, variable))
    return " ".join([*said, *writer.ask(variables)])


class _Plain:
    """Writes the sentences of one stem."""

    def __init__(self, mined: Mined, lex: Lexicon, noun: str, rng: np.random.Generator) -> None:
        self._mined = mined
        self._lex = lex
        self._noun = noun
        self._rng = rng
        self._kinds = {v.name: v.category for v in mined.query.variables}

    def first(self, variable: str, clued: str) -> str:
        """Return the sentence that pins the first entity: a disease, or something else."""
        if clues_of(self._mined, variable):
            finds = self._finds(variable)
            slots = {"finds": finds, "Finds": sentence(finds)}
            return clued.replace("disorder", self._noun).format(**slots)
        text = _FIRST[int(self._rng.integers(len(_FIRST)))]
        return text.format(kind=self._kind(variable), does=self._does(variable))

    def on(self, before: str, variable: str) -> str:
        """Return the sentence that leads from one entity to the next."""
        edge = self._edge(before, variable)
        verb = verb_of(edge.predicate, inverse=edge.object == before, also=self._nth(variable) > 1)
        finds, does = self._finds(variable), self._does(variable, edge.predicate)
        tail = f", one with {finds}" if finds else f", one that {does}" if does else ""
        if edge.object == before and not reads_back(verb_words(edge.predicate)):
            verb = verb_of(edge.predicate, inverse=False, also=self._nth(variable) > 1)
            tail = f"{tail}," if tail else ""
            return f"{sentence(self._a(variable))}{tail} {verb} {self._the(before)}."
        return f"{sentence(self._the(before))} {verb} {self._a(variable)}{tail}."

    def ask(self, variables: Sequence[str]) -> list[str]:
        """Return the question itself, in a sentence or two."""
        target = variables[-1]
        own = questions_of(self._mined.template)
        if own:
            asked = own[int(self._rng.integers(len(own)))]
            told = len(variables) == 1 or clues_of(self._mined, target)
            return [asked] if told else [*self._singled(variables[-2], target), asked]
        if len(variables) == 1 or clues_of(self._mined, target):
            return [f"Which {self._kind(target)} is {'that' if self._nth(target) > 1 else 'it'}?"]
        before = variables[-2]
        edge = self._edge(before, target)
        verb = verb_of(edge.predicate, inverse=edge.subject == before)
        classes = self._classes()
        kind = self._lex.class_of_findings(classes[0]) if classes else self._kind(target)
        other = "other " if self._nth(target) > 1 and not classes else ""
        labels = labels_of(self._mined, target)
        the = self._the(before)
        if len(labels) == 1 and _alike(labels[0], edge, target):
            label = self._lex.named(named_end(labels[0]))
            return [f"Which {other}{kind} {verb} both {the} and {label}?"]
        does = f"that {self._does(target, edge.predicate)} " if labels else ""
        return [f"Which {other}{kind} {does}{verb} {the}?"]

    def _singled(self, before: str, target: str) -> list[str]:
        """Return what tells the target from others like it, where one's own question follows."""
        classes = self._classes()
        if not classes:
            return [self.on(before, target)] if self._does(target) else []
        edge = self._edge(before, target)
        verb = verb_of(edge.predicate, inverse=edge.object == before)
        kind = self._lex.class_of_findings(classes[0])
        return [f"{sentence(self._the(before))} {verb} {with_article(kind)}."]

    def _classes(self) -> list[str]:
        return [e.object for e in self._mined.query.edges if e.predicate == "subclass_of"]

    def _finds(self, variable: str) -> str:
        clues = clues_of(self._mined, variable)
        return self._lex.finds([clues[i] for i in self._rng.permutation(len(clues))])

    def _does(self, variable: str, beside: str = "") -> str:
        """Return what the named entities say of a variable: "is used to treat gout and asthma".

        Args:
            variable: The variable.
            beside: The predicate that leads to it; the same one is said with an "also".
        """
        labels = labels_of(self._mined, variable)
        if not labels:
            return ""
        edge = labels[0]
        # A label of the target tells it from others that are joined to the same.
        also = edge.predicate == beside or (len(labels) == 1 and bool(beside))
        verb = verb_of(edge.predicate, inverse=edge.object == variable, also=also)
        names = [self._lex.named(named_end(labels[i])) for i in self._rng.permutation(len(labels))]
        return f"{verb} {join_list(names)}"

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


def _alike(one: QueryEdge, other: QueryEdge, variable: str) -> bool:
    """Say whether two edges join a variable to other things in the same way."""
    turned = (one.subject == variable) != (other.subject == variable)
    return one.predicate == other.predicate and not turned
