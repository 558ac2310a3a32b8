"""The closing step of questions with options and of yes-or-no questions: why the wrong ones fail.

Its sentences lie in ``templates/traces/forms.toml``; the checker reads every one of them.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.grammar import agree, join_list, sentence
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.reasons import FINDING, IS_A, Trial
from kgsynth.questions.relations import verb_of
from kgsynth.records import Mined, OptionReason, QueryEdge, TraceStep
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import facts_of

MODE = "has_mode_of_inheritance"

#: An entity in the place of the answer, and why it is wrong.
Wrong = tuple[str, tuple[OptionReason, ...]]


@cache
def _templates() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(
        data_file("templates", "traces", "forms.toml").read_text("utf-8")
    )
    return table


def closing_step(mined: Mined, question: Question, graph: KnowledgeGraph, seed: int) -> TraceStep:
    """Return the step that says why each wrong option, or a wrong proposal, fails.

    Args:
        mined: The query with its proof.
        question: A question of form ``choice`` or ``yes_no``.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.
    """
    return _Closing(mined, question, graph, seed).step()


class _Closing:
    """Writes one closing step."""

    def __init__(self, mined: Mined, question: Question, graph: KnowledgeGraph, seed: int) -> None:
        self._query = mined.query
        self._bound = mined.bound
        self._question = question
        self._graph = graph
        self._lex = lexicon(graph)
        self._trial = Trial(mined, graph)
        self._rng: np.random.Generator = derive_rng(seed, "traces", "closing", question.id)
        self._target = self._bound[self._query.target]
        self._edges: dict[str, None] = {}
        self._named: dict[str, None] = {self._target: None}

    def step(self) -> TraceStep:
        """Return the finished step."""
        for edge in self._of_target():
            self._cite_fact(edge)
        wrong = self._wrong()
        texts = [*self._against(wrong), self._close(bool(wrong))]
        return TraceStep(
            " ".join(texts), tuple(self._edges), tuple(self._named), "", self._lex.say(self._target)
        )

    def _wrong(self) -> list[Wrong]:
        if self._question.form == "choice":
            return [(o.id, o.reasons) for o in self._question.options if not o.correct]
        proposed = self._question.candidate.id
        if proposed in self._trial_answers():
            return []
        return [(proposed, self._trial.against(self._graph.index_of(proposed)))]

    def _trial_answers(self) -> set[str]:
        return {answer.id for answer in self._question.answers}

    def _of_target(self) -> list[QueryEdge]:
        """Return what the answer rests on: the spine's last edge, else the clues."""
        if self._trial.last is not None:
            return [self._trial.last[1]]
        return [edge for _, edge in self._trial.own if not edge.negated]

    def _cite_fact(self, edge: QueryEdge) -> None:
        ends = [self._bound.get(end, end) for end in (edge.subject, edge.object)]
        fact = facts_of(self._graph).of(ends[0], edge.predicate, ends[1])
        self._edges.update(dict.fromkeys(one.id for one in fact.edges))

    def _close(self, has_wrong: bool) -> str:
        kind = "choice" if self._question.form == "choice" else "no" if has_wrong else "yes"
        return self._pick("close", kind, a=self._lex.named(self._target))

    def _pick(self, kind: str, state: str, **slots: str) -> str:
        variants = _templates()[kind][state]
        chosen: str = variants[int(self._rng.integers(len(variants)))]
        return chosen.format(**slots, **{k.capitalize(): sentence(v) for k, v in slots.items()})

    # ---- why the wrong ones are wrong --------------------------------------------------------

    def _against(self, wrong: Sequence[Wrong]) -> Iterator[str]:
        for curie, reasons in wrong:
            self._named[curie] = None
            self._edges.update(dict.fromkeys(e for reason in reasons for e in reason.edges))
        if self._graph.category_of(self._trial.answer) == "Disease":
            for curie, reasons in wrong:
                yield self._disorder(curie, reasons)
        else:
            yield from self._alike(wrong)

    def _alike(self, wrong: Sequence[Wrong]) -> Iterator[str]:
        """Yield a sentence for all options that fail the last hop for reasons of one rank."""
        ranked: dict[str, list[Wrong]] = {}
        for one in wrong:
            ranked.setdefault(one[1][0].reason, []).append(one)
        for reason, group in ranked.items():
            edge = self._query.edges[group[0][1][0].clue]
            kind = {"PhenotypicFeature": "finding", "GeneticInheritance": "mode", "Gene": "gene"}
            category = self._graph.category_of(self._trial.answer)
            before = edge.subject if edge.object == self._query.target else edge.object
            owner = self._bound.get(before, before)
            self._named[owner] = None
            slots = {"d": self._lex.say(owner), **self._others(group)}
            said = self._listed([curie for curie, _ in group], category, reason, edge)
            slots |= {"x": said, "is": agree([self._lex.say(c) for c, _ in group], "is", "are")}
            known = kind.get(category, "other") if edge.predicate != IS_A else "other"
            state = reason if known != "other" else "any"
            yield self._pick(known, state, **slots)

    def _listed(self, curies: Sequence[str], category: str, reason: str, edge: QueryEdge) -> str:
        if category == "PhenotypicFeature" and edge.predicate == FINDING:
            return self._lex.finds(curies, "or")
        return join_list([self._lex.say(curie) for curie in curies], "and")

    def _others(self, group: Sequence[Wrong]) -> dict[str, str]:
        """Return the value that is recorded instead, where one is."""
        for _, reasons in group:
            for edge in self._stated(reasons[:1], "other_value"):
                gene = edge.predicate != MODE
                value = edge.subject if gene else edge.object
                self._named[value] = None
                return {"g" if gene else "v": self._lex.say(value)}
        return {}

    def _stated(self, reasons: Iterable[OptionReason], kind: str) -> list[Any]:
        known = facts_of(self._graph).edge
        found = [known(reason.edges[0]) for reason in reasons if reason.reason == kind]
        return [edge for edge in found if not edge.negated or kind == "denied"]

    def _disorder(self, curie: str, reasons: Sequence[OptionReason]) -> str:
        """Return the sentence about a wrong disorder: what it has, and what it lacks."""
        parts: dict[str, str] = {}
        findings: dict[str, list[str]] = {"denied": [], "despite": [], "not_recorded": []}
        links: dict[str, list[str]] = {}
        for reason in reasons:
            edge = self._query.edges[reason.clue]
            if edge.predicate == FINDING:
                state = "despite" if edge.negated else reason.reason
                findings[state].append(edge.object)
            elif reason.reason == "other_value":
                said = self._others([(curie, (reason,))])
                kind = "other_mode" if edge.predicate == MODE else "other_gene"
                parts[kind] = _templates()["disorder"][kind].format(**said)
            else:
                other = edge.subject if edge.object == self._query.target else edge.object
                verb = verb_of(edge.predicate, inverse=edge.object == self._query.target)
                links.setdefault(verb, []).append(self._bound.get(other, other))
        parts |= self._unlinked(links)
        for state, kind in (
            ("denied", "without"),
            ("despite", "despite"),
            ("not_recorded", "lacks"),
        ):
            if findings[state]:
                told = findings[state][:3]
                self._named.update(dict.fromkeys(told))
                listed = self._lex.finds(told, "and" if state == "despite" else "or")
                parts[kind] = _templates()["disorder"][kind].format(f=listed)
        return f"{sentence(self._lex.say(curie))} {'; it '.join(parts.values())}."

    def _unlinked(self, links: dict[str, list[str]]) -> dict[str, str]:
        """Return what a disorder is not joined to, by verb; it stands beside the name.

        "It is not recorded as treated with dapsone": a drug or gene is nothing one has.
        """
        parts: dict[str, str] = {}
        for verb, others in links.items():
            self._named.update(dict.fromkeys(others))
            kind = "unlinked" if verb.startswith("is ") else "lacks_link"
            listed = join_list([self._lex.named(one) for one in others], "or")
            text: str = _templates()["disorder"][kind]
            parts[verb] = text.format(f=listed, verb=verb.removeprefix("is "))
        return parts
