"""What a model is told: the facts of one row, labelled, and a plan of what to say.

The model sees entities as E1, E2, … and facts as F1, F2, …, the same labels in every prompt, so
that one JSON Schema serves all rows. It gets the facts that the row's trace cites and nothing else:
not the words of the template, not the rest of the graph. The wording of the prompt lies in
``templates/prompts/wording.toml``.
"""

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kgsynth.engines.base import Message, Prompt
from kgsynth.phrasing import mid_sentence
from kgsynth.records import Finding, Row, RowEdge
from kgsynth.resources import data_file
from kgsynth.seeding import content_id


@dataclass(frozen=True, slots=True)
class PromptWords:
    """The fixed texts of the prompt, with their slots."""

    instructions: str
    entities: str
    entity: str
    facts: str
    plan: str
    asked: str
    asked_within: str
    step: str
    answer: str
    retry: str
    retry_finding: str
    retry_end: str
    named: str
    hidden: str
    free: str
    proposed: str
    paired: str
    registers: dict[str, str]
    categories: dict[str, str]
    predicates: dict[str, str]
    denials: dict[str, str]
    gene_predicates: dict[str, str]
    gene_denials: dict[str, str]

    def said_of(self, edge: RowEdge, category: str) -> str:
        """Return the sentence of a statement whose subject has that category."""
        own = self.gene_denials if edge.negated else self.gene_predicates
        every = self.denials if edge.negated else self.predicates
        words = edge.predicate.replace("_", " ").replace("{", "{{").replace("}", "}}")
        plain = f"{{subject}} {'NOT ' * edge.negated}{words} {{object}}"
        special = own.get(edge.predicate) if category == "Gene" else None
        return special or every.get(edge.predicate, plain)


@dataclass(frozen=True, slots=True)
class Plan:
    """A row as the model sees it; `parse` reads the model's labels with the same plan.

    Attributes:
        row: The row as the template writer worded it.
        entities: Node ids; the first is E1. Hidden ones first, along the spine.
        spelling: How each entity is written inside a sentence, in the same order.
        facts: The statements that the trace cites; the first is F1.
        steps: For each step of the trace, the zero-based facts that it rests on.
    """

    row: Row
    entities: tuple[str, ...]
    spelling: tuple[str, ...]
    facts: tuple[RowEdge, ...]
    steps: tuple[tuple[int, ...], ...]

    @property
    def hidden(self) -> frozenset[str]:
        """The entities that the question must not name; what it proposes or compares it must."""
        shown = {self.row.candidate.id, *self.row.query.among}
        return frozenset(binding.id for binding in self.row.bindings) - shown

    @property
    def clues(self) -> frozenset[str]:
        """The entities that the question must name: those that its query names, and a proposal."""
        edges = (edge for edge in self.row.query.edges if edge.predicate != "subclass_of")
        ends = (end for edge in edges for end in (edge.subject, edge.object))
        shown = {self.row.candidate.id, *self.row.query.among} - {""}
        return frozenset(end for end in ends if not end.startswith("?")) | shown

    @property
    def names(self) -> dict[str, str]:
        """The name of every entity of the row by its id, whether the model sees it or not."""
        return {entity.id: entity.name for entity in self.row.entities}


@cache
def prompt_words() -> PromptWords:
    """Return the texts of ``templates/prompts/wording.toml``."""
    text = data_file("templates", "prompts", "wording.toml").read_text("utf-8")
    return PromptWords(**tomllib.loads(text))


@cache
def wording_schema() -> str:
    """Return the JSON Schema of a wording as compact text; one for all rows."""
    text = data_file("templates", "prompts", "wording.schema.json").read_text("utf-8")
    return json.dumps(json.loads(text), separators=(",", ":"))


@cache
def instructions() -> str:
    """Return what all prompts begin with."""
    return prompt_words().instructions.strip().replace("{schema}", wording_schema())


def plan_row(row: Row) -> Plan:
    """Label the entities and facts of a row.

    Args:
        row: A row with the trace of the template writer.
    """
    by_id = {edge.id: edge for edge in row.edges}
    cited = dict.fromkeys(edge for step in row.trace for edge in step.edges)
    facts = tuple(by_id[edge] for edge in cited)
    place = {edge.id: index for index, edge in enumerate(facts)}
    spine = [binding.id for binding in row.bindings]
    ends = [end for edge in facts for end in (edge.subject, edge.object)]
    proposed = [row.candidate.id] if row.candidate.id else []
    entities = tuple(dict.fromkeys([*spine, *ends, *proposed]))
    names = {entity.id: entity.name for entity in row.entities}
    names |= {row.candidate.id: row.candidate.name}
    texts = [row.question, *(step.text for step in row.trace)]
    return Plan(
        row,
        entities,
        tuple(_spelling(names.get(entity, entity), texts) for entity in entities),
        facts,
        tuple(tuple(place[edge] for edge in step.edges) for step in row.trace),
    )


def write_prompt(plan: Plan, attempt: int = 0, findings: Sequence[Finding] = ()) -> Prompt:
    """Put a plan into a prompt.

    Args:
        plan: What to say.
        attempt: 0 at first; a retry asks under an id of its own.
        findings: Why the wording before was turned down.
    """
    blocks = [_entities(plan), _facts(plan), _item(plan)]
    if findings:
        blocks.append(_retry(findings))
    messages = (Message("system", instructions()), Message("user", "\n\n".join(blocks)))
    content = [plan.row.id, attempt, [[m.role, m.content] for m in messages], wording_schema()]
    return Prompt(content_id("prompt", content), messages, wording_schema())


def _spelling(name: str, texts: Sequence[str]) -> str:
    """Return how the template wrote a name inside a sentence, else the usual one.

    The template's texts have passed the checker, so a spelling found there is a known one.
    """
    pattern = re.compile(rf"(?<![.!?] )(?<=\W){re.escape(name)}(?!\w)", re.IGNORECASE)
    spelled = next((match[0] for text in texts if (match := pattern.search(text))), "")
    found = spelled or mid_sentence([name])[0]
    # No name may end the turn of a conversation or start another one.
    return " ".join(found.replace("<|", "< |").split())


def _entities(plan: Plan) -> str:
    words = prompt_words()
    category = {entity.id: entity.category for entity in plan.row.entities}
    lines = [words.entities]
    for index, entity in enumerate(plan.entities):
        named = words.named if entity in plan.clues else words.free
        mention = words.hidden if entity in plan.hidden else named
        kind = words.categories.get(category.get(entity, ""), "entity")
        lines.append(
            words.entity.format(
                label=f"E{index + 1}", name=plan.spelling[index], category=kind, mention=mention
            )
        )
    return "\n".join(lines)


def _facts(plan: Plan) -> str:
    words = prompt_words()
    label = {entity: f"E{index}" for index, entity in enumerate(plan.entities, start=1)}
    category = {entity.id: entity.category for entity in plan.row.entities}
    lines = [words.facts]
    for index, edge in enumerate(plan.facts, start=1):
        pattern = words.said_of(edge, category.get(edge.subject, ""))
        said = pattern.format(subject=label[edge.subject], object=label[edge.object])
        lines.append(f"F{index}: {said}")
    return "\n".join(lines)


def _item(plan: Plan) -> str:
    words = prompt_words()
    lines = [words.plan, _asked(plan)]
    if plan.row.candidate.id and plan.row.kind != "dual":
        place = plan.entities.index(plan.row.candidate.id)
        lines.append(words.proposed.format(label=f"E{place + 1}", name=plan.spelling[place]))
    if said := words.registers[plan.row.provenance.register]:
        lines.append(said)
    for number, (facts, step) in enumerate(zip(plan.steps, plan.row.trace, strict=True), start=1):
        labels = ", ".join(f"F{fact + 1}" for fact in facts)
        lines.append(words.step.format(number=number, facts=labels, concludes=step.concludes))
    lines.append(words.answer.format(answer=plan.row.answer))
    return "\n".join(lines)


def _asked(plan: Plan) -> str:
    words = prompt_words()
    query = plan.row.query
    if plan.row.kind == "dual":
        of, finding = query.edges[0].subject, plan.row.candidate.id
        places = {name: plan.entities.index(name) + 1 for name in (of, finding)}
        return words.paired.format(finding=f"E{places[finding]}", of=f"E{places[of]}")
    target = next(b.id for b in plan.row.bindings if b.variable == query.target)
    category = next(v.category for v in query.variables if v.name == query.target)
    slots = {
        "category": words.categories.get(category, "entity"),
        "label": f"E{plan.entities.index(target) + 1}",
    }
    for edge in query.edges:
        asks_within = edge.subject == query.target and edge.predicate == "subclass_of"
        if asks_within and edge.object in plan.entities:
            place = plan.entities.index(edge.object)
            return words.asked_within.format(
                **slots, within=f"E{place + 1}", within_name=plan.spelling[place]
            )
    return words.asked.format(**slots)


def _retry(findings: Sequence[Finding]) -> str:
    words = prompt_words()
    lines = [words.retry]
    for finding in dict.fromkeys((f.code, f.message[:200]) for f in findings):
        lines.append(words.retry_finding.format(code=finding[0], message=finding[1]))
    return "\n".join([*lines, words.retry_end])
