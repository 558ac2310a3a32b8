"""What every check is given and what it may say: settings, finding codes, the row in its graph."""

import functools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from kgsynth.biolink import PREDICATES
from kgsynth.checks.gazetteer import Gazetteer, Mention
from kgsynth.graph.answers import Solver
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import LONE, Edge, Finding, QueryEdge, Row, Severity

#: Every code that a check can give, by stage, with its meaning in one line.
CODES: dict[str, dict[str, str]] = {
    "parse": {
        "unreadable": "the line is no row: not JSON, a field missing, unknown or of another type",
        "duplicate_row": "the same question stands twice",
        "wrong_id": "the id is not the hash of the row's content",
        "broken_query": "the query is not a connected pattern with a spine from a named entity",
        "broken_bindings": "the bindings do not bind each variable once",
        "wrong_hops": "hops is not the number of spine edges",
        "wrong_form": "options, key or candidate do not fit the form",
        "prompt_mismatch": "the prompt does not hold the question and its options",
        "reasoning_mismatch": "the reasoning is not the trace's text and the final line",
    },
    "grounding": {
        "unknown_id": "an id is not in the graph",
        "wrong_name": "a name or category is not the graph's",
        "unlisted_entity": "the text mentions an entity that the row does not list",
        "uncited_entity": "a step mentions an entity that it does not list",
        "unmentioned_entity": "a step lists an entity and neither mentions it nor rests on it",
        "invented_entity": "the text names something that no entity of the graph is called",
    },
    "support": {
        "unknown_edge": "a cited edge is not in the graph, or not among the row's edges",
        "wrong_edge": "an edge says something else than the graph's edge of that id",
        "uncovered_edge": "no cited edges prove this edge of the query",
        "unsupported_claim": "the text says what the graph does not",
        "uncited_claim": "the text says what the graph does, without citing it",
        "reversed_relation": "the text turns a relation round",
        "wrong_number": "a number in the text is not the number in the graph",
        "wrong_share": "the text says how often a finding is seen, and the records say otherwise",
        "not_only": "the text says 'only' and the graph has more",
        "not_near": "the text calls a disorder near that fits none of the step's clues",
        "unlicensed_rule": "the step names a rule that does not exist",
        "irrelevant_step": "nothing the step cites belongs to the proof",
    },
    "continuity": {
        "dropped_hop": "no step walks this edge of the spine",
        "broken_order": "the steps do not follow the spine",
        "broken_chain": "a step does not begin where an earlier one ended",
        "wrong_step_end": "a step concludes another entity than the one it ends at",
    },
    "answer": {
        "wrong_conclusion": "the last step does not conclude the answer",
        "wrong_final_line": "the last line of the reasoning is not the answer",
        "wrong_answer": "the answer is not what the query's target is bound to",
        "foreign_alias": "an alias is no other word for the answer",
        "wrong_answer_list": "answers is not the complete answer set",
        "wrong_option": "an option is right or wrong, and the graph does not say so",
        "misnamed_option": "an option's text is no name of its entity",
        "unfit_option": "an option is of another category, class or grain than the answer",
        "kin_option": "an option is kin, twin or namesake of the answer or of another option",
        "wrong_reason": "a reason why an option is wrong is not what the graph gives",
        "few_reasons": "an option fails fewer clues than the margin for recorded reasons",
        "untold_option": "the last step does not speak of a wrong option",
    },
    "contradiction": {
        "denied_claim": "the text asserts what the graph denies",
        "recorded_denial": "the text denies what the graph asserts",
        "contested_edge": "a statement is used that is both asserted and denied",
    },
    "leakage": {
        "leaked_name": "the question names the answer or an unnamed entity between",
        "leaked_word": "the question holds a distinctive word of a hidden name",
        "leaked_id": "the text shows an identifier",
        "clue_kin": "a clue is kin of the answer",
        "prompt_text": "instructions, labels or slots of a prompt or template are left in",
    },
    "uniqueness": {
        "not_unique": "U: the query has not exactly one answer",
        "not_stepwise": "S: a step can be walked in another way, or not as bound",
        "not_robust": "R: a rival fails fewer clues than the margin",
        "not_minimal": "M: a clue can be dropped",
        "skippable_hop": "N: a hop can be skipped",
        "dishonest_hop": "H: a repeated, twin or kin entity, or a shortcut",
        "uninformative": "I: a clue is too common, too rare in patients, or alone",
        "wrong_grain": "G: a group or a contested edge stands in the solution",
        "wrong_proof": "the row's steps are not what the graph gives",
        "spare_clue": "D: a finding of a differential speaks against none of the nearest rivals",
        "untold_rival": "D: the trace excludes fewer than three of the nearest rivals",
        "wrong_comparison": "what is compared is not recorded, or not clearly apart",
        "wrong_pair": "the proposal of a dual is neither surely recorded nor surely denied",
        "wrong_case": "the case says of the patient what is not recorded, or leaves a clue out",
    },
    "style": {
        "empty_text": "a text is empty",
        "too_long": "a text is far longer than such a text ever needs",
        "repeated_sentence": "a sentence stands twice",
        "doubled_word": "a word stands twice in a row",
        "unbalanced": "a bracket or quotation mark has no partner",
        "unprintable": "a character that cannot be printed, or stray white space",
        "wrong_article": "'a' before a vowel or 'an' before a consonant",
        "sentence_end": "a text does not begin or end as a sentence does",
    },
}


_IS_CONTESTED: Callable[[Edge], bool] = operator.attrgetter("contested")


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a row is held to; the run that made it records the values.

    Attributes:
        margin: Clues that every rival fails, where a step ends at a disease; 1 to 3.
        min_information_bits: Least information content of a finding given as a clue.
        min_frequency: Least share of patients, where it is recorded, in [0, 1].
        pathognomonic: Whether the first step may have a single clue.
        lone_margin: The margin of the kinds in `records.LONE`.
        template: Templates of one's own, as TOML: their words are read too; see `vocabulary`.
    """

    margin: int = 2
    min_information_bits: float = 3.0
    min_frequency: float = 0.30
    pathognomonic: bool = False
    lone_margin: int = 1
    template: str = ""


@dataclass(slots=True)
class Context:
    """A row with its graph and what several checks need of both; one for each row.

    Attributes:
        row: The row.
        graph: Its graph.
        settings: What it is held to.
        solver: The graph's sets.
        gazetteer: The graph's spellings.
        bound: What each variable stands for.
        listed: The ids of the row's entities.
        edges: The statements that row or steps name by id, as the graph has them.
        is_disputed: Whether one of these is asserted and denied.
        memory: What one check worked out and another needs: by kind and key.
    """

    row: Row
    graph: KnowledgeGraph
    settings: CheckSettings
    solver: Solver
    gazetteer: Gazetteer
    bound: dict[str, str] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    edges: dict[str, Edge] = field(default_factory=dict)
    is_disputed: bool = False
    _answers: tuple[str, ...] | None = None
    memory: dict[tuple[str, object], object] = field(default_factory=dict)
    _mentions: dict[str, tuple[Mention, ...]] = field(default_factory=dict)
    _named: dict[str, frozenset[str]] = field(default_factory=dict)
    _tidy: dict[str, bool] = field(default_factory=dict)
    _step_edges: dict[int, list[Edge]] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row, graph: KnowledgeGraph, settings: CheckSettings) -> "Context":
        """Return the context of a row."""
        if row.kind in LONE:
            settings = replace(settings, margin=settings.lone_margin)
        context = cls(row, graph, settings, Solver.of(graph), gazetteer_of(graph))
        context.bound = {binding.variable: binding.id for binding in row.bindings}
        cited = dict.fromkeys([edge.id for edge in row.edges])
        for step in row.trace:
            cited.update(dict.fromkeys(step.edges))
        context.edges = graph.known_edges(cited)
        context.is_disputed = any(map(_IS_CONTESTED, context.edges.values()))
        context.listed = frozenset([entity.id for entity in row.entities])
        return context

    @property
    def answers(self) -> tuple[str, ...]:
        """The complete answer set of the row's query, contested statements admitted."""
        if self._answers is None:
            self._answers = self.graph.answers(self.row.query)
        return self._answers

    @property
    def accepted(self) -> tuple[str, ...]:
        """What the row takes for the complete answer set: the binding, in a list all answers."""
        if self.row.kind == "list":
            return tuple(answer.id for answer in self.row.answers)
        return (self.value(self.row.query.target),)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return where a text mentions entities of the graph, left to right, longest first."""
        found = self._mentions.get(text)
        if found is None:
            found = self._mentions[text] = self.gazetteer.mentions(text, self.listed)
        return found

    def named(self, text: str) -> frozenset[str]:
        """Return every entity that a text may mention."""
        found = self._named.get(text)
        if found is None:
            mentions = self.mentions(text)
            found = self._named[text] = frozenset([node for one in mentions for node in one.nodes])
        return found

    def is_tidy(self, text: str) -> bool:
        """Say whether a text surely has no slip of style, nothing left behind, no invented name."""
        found = self._tidy.get(text)
        if found is None:
            found = self._tidy[text] = _reader_of_parts()(text, self.mentions(text))
        return found

    def value(self, name: str) -> str:
        """Return what a name in the query stands for: its binding, or itself."""
        return self.bound.get(name, name)

    def realized(self, edge: QueryEdge) -> tuple[str, str, str, bool]:
        """Return a query edge with its variables bound."""
        return self.value(edge.subject), edge.predicate, self.value(edge.object), edge.negated

    def step_edges(self, index: int) -> list[Edge]:
        """Return the graph's statements that a step cites; ids the graph lacks are left out."""
        found = self._step_edges.get(index)
        if found is None:
            cited, edges = self.row.trace[index].edges, self.edges
            found = [edges[edge_id] for edge_id in cited if edge_id in edges]
            self._step_edges[index] = found
        return found

    def hidden(self) -> list[str]:
        """Return the ids that the question must not name: what its variables stand for."""
        shown = {self.row.candidate.id, *self.row.query.among}
        secret = dict.fromkeys((*self.bound.values(), *self.accepted))
        return [node for node in secret if node not in shown]


@functools.cache
def _reader_of_parts() -> Callable[[str, Iterable[Mention]], bool]:
    """Return what tells a tidy text; it needs the checks, which need this module."""
    from kgsynth.checks.slots import is_tidy

    return is_tidy


@functools.lru_cache(maxsize=8)
def gazetteer_of(graph: KnowledgeGraph) -> Gazetteer:
    """Return the index of every spelling in a graph, the same one each time."""
    return Gazetteer(graph)


class Cited:
    """Cited statements, sorted by what they can prove.

    Attributes:
        up: The parents of each entity, by the ``subclass_of`` statements among them.
        direct: The objects of each subject, predicate and polarity.
    """

    __slots__ = ("direct", "up")

    def __init__(self, edges: Iterable[Edge] = ()) -> None:
        self.up: dict[str, list[str]] = {}
        self.direct: dict[tuple[str, str, bool], list[str]] = {}
        self.add(edges)

    def add(self, edges: Iterable[Edge]) -> None:
        """Cite some more."""
        up, direct, symmetric = self.up, self.direct, _SYMMETRIC
        for edge in edges:
            subject, predicate, object_ = edge.subject, edge.predicate, edge.object
            negated = edge.negated
            direct.setdefault((subject, predicate, negated), []).append(object_)
            if predicate == "subclass_of" and not negated:
                up.setdefault(subject, []).append(object_)
            elif predicate in symmetric:
                direct.setdefault((object_, predicate, negated), []).append(subject)


_SYMMETRIC = frozenset(name for name, known in PREDICATES.items() if known.symmetric)


def proves(cited: Iterable[Edge] | Cited, claim: tuple[str, str, str, bool]) -> bool:
    """Say whether cited statements alone give a claim, closure included.

    A finding follows from a more specific one, a denial from that of a more general one, and
    ``subclass_of`` from a path; in each case over ``subclass_of`` statements that are cited too.
    """
    subject, predicate, object_, negated = claim
    cited = cited if isinstance(cited, Cited) else Cited(cited)
    if predicate == "subclass_of":
        return subject != object_ and object_ in _climb(cited.up, subject)
    direct = cited.direct.get((subject, predicate, negated), ())
    if predicate != "has_phenotype" or (object_ in direct and not negated):
        return object_ in direct
    if negated:
        return not _climb(cited.up, object_).isdisjoint(direct)
    return any(object_ in _climb(cited.up, found) for found in direct)


def _climb(up: dict[str, list[str]], start: str) -> set[str]:
    seen, stack = {start}, [start]
    while stack:
        for parent in up.get(stack.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return seen


def row_finding(code: str, message: str, edge: str = "", severity: Severity = "error") -> Finding:
    """Return a finding about the row as a whole."""
    return Finding(code=code, severity=severity, edge=edge, message=message)
