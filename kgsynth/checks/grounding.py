"""Is everything that the text names an entity of the graph, and one that the row owns up to?"""

import functools
import re
from collections.abc import Iterable, Iterator

from kgsynth import vocabulary
from kgsynth.biolink import CATEGORIES
from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.gazetteer import Mention
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Finding

#: A word that looks like a gene symbol or an acronym of a disease: capitals with a digit or a
#: second capital, such as SCN4A or CMT1A.
_SYMBOL = re.compile(
    r"[A-Z](?<![\w-][A-Z])(?=\w*[A-Z0-9])[A-Za-z0-9]{1,11}(?:-[A-Z0-9]+)?(?![\w-])"
)

#: Two or more capitalised words in mid-sentence, or a person's disease: "Marfan syndrome".
_NAMED = re.compile(
    r"[A-Z](?<=[a-z,;] [A-Z])(?:[a-zé]{2,}(?:[- ][A-Z][a-zé]+)*(?:'s|’s)?) "
    r"(?:syndrome|disease|disorder|anomaly|dystrophy|sign|dysplasia|myopathy|ataxia|anemia)\b"
)

#: Capitals that name no entity.
_PLAIN = frozenset(
    (
        "HPO",
        "OMIM",
        "MONDO",
        "ORPHA",
        "DNA",
        "RNA",
        "MRI",
        "CT",
        "EEG",
        "EMG",
        "ECG",
        "II",
        "III",
        "IV",
    )
)


def check_grounding(context: Context) -> Iterator[Finding]:
    """Yield findings where ids do not resolve or a text names what the row does not list.

    Yields:
        ``unknown_id`` and ``wrong_name`` for the row's tables; ``unlisted_entity``,
        ``uncited_entity``, ``unmentioned_entity`` and ``invented_entity`` for stem and steps.
    """
    yield from _tables(context)
    row = context.row
    yield from _ground(context, row.question, -1, context.listed, row.question)
    for index, step in enumerate(row.trace):
        cited = frozenset(step.entities)
        yield from _ground(context, step.text, index, cited, step.text)
        yield from _ground(context, step.concludes, index, cited, step.text)
        yield from _unmentioned(context, index)


def _tables(context: Context) -> Iterator[Finding]:
    row, graph = context.row, context.graph
    constants = {end for e in row.query.edges for end in (e.subject, e.object) if end[:1] != "?"}
    used = {binding.id for binding in row.bindings} | constants
    listed = set(context.listed)
    for curie in sorted(used | listed | {answer.id for answer in row.answers}):
        if curie not in graph:
            yield row_finding("unknown_id", f"{curie!r} is not in the graph")
    for curie in sorted(used - listed):
        yield row_finding("unlisted_entity", f"{curie} is used and not among the entities")
    named = [(e.id, e.name, e.category) for e in row.entities]
    named += [(answer.id, answer.name, "") for answer in row.answers]
    named += [(row.candidate.id, row.candidate.name, "")] if row.candidate.id else []
    for curie, name, category in named:
        if curie not in graph:
            continue
        node = graph.node(curie)
        if name != node.name or category not in ("", node.category):
            yield row_finding("wrong_name", f"{curie} is {node.name!r} ({node.category})")


def _ground(
    context: Context, text: str, index: int, cited: frozenset[str], home: str
) -> Iterator[Finding]:
    """Yield findings for one text; spans count only where it is the step's own text (`home`)."""
    if context.is_tidy(text) and _are_own(context, text, cited if index >= 0 else context.listed):
        return
    mentions = context.mentions(text)
    for mention in mentions:
        start, end = (mention.start, mention.end) if text is home else (0, 0)
        called = text[mention.start : mention.end]
        if context.listed.isdisjoint(mention.nodes):
            if all(is_plain(context, node) for node in mention.nodes):
                continue
            message = f"{called!r} is {mention.nodes[0]}, which the row does not list"
            yield Finding("unlisted_entity", index, start, end, message=message)
        elif index >= 0 and cited.isdisjoint(mention.nodes):
            message = f"{called!r} is not among the step's entities"
            yield Finding("uncited_entity", index, start, end, message=message)
    for start, end in invented(context, text, mentions):
        message = f"{text[start:end]!r} is called so by nothing in the graph"
        span = (start, end) if text is home else (0, 0)
        yield Finding("invented_entity", index, *span, message=message)


def _are_own(context: Context, text: str, cited: frozenset[str]) -> bool:
    """Say whether a text names nothing but what row and step list."""
    if cited.issuperset(named := context.named(text)) and context.listed.issuperset(named):
        return True
    return not any(
        context.listed.isdisjoint(mention.nodes) or cited.isdisjoint(mention.nodes)
        for mention in context.mentions(text)
    )


_SENTENCE_CASE = re.compile(r"(?:^|(?<=[.?!:] ))[A-Z][a-z]*(?![\w-])")
_CAPITAL = re.compile(r"[A-Z]")


def has_no_symbols(text: str) -> bool:
    """Say whether nothing in some words can look like a name, whatever stands beside them."""
    return _CAPITAL.search(_SENTENCE_CASE.sub("", text)) is None


def is_plain(context: Context, curie: str) -> bool:
    """Say whether a spelling is a plain word too: "mode of inheritance" names no mode."""
    graph = context.graph
    parents = graph.neighbours(curie, "subclass_of")
    kind = graph.node(curie).category
    kinds = {graph.node(parent).category for parent in parents}
    return kind == "GeneticInheritance" and kind not in kinds


def invented(context: Context, text: str, mentions: Iterable[Mention]) -> Iterator[tuple[int, int]]:
    """Yield the spans that look like the name of a gene or disease and ground to nothing."""
    covered = [(mention.start, mention.end) for mention in mentions]
    plain = _PLAIN | _words_of_kinds(context.graph, vocabulary.spoken())
    for pattern in (_SYMBOL, _NAMED):
        for match in pattern.finditer(text):
            start, end = match.span()
            if match[0] in plain or any(a < end and start < b for a, b in covered):
                continue
            yield start, end


@functools.lru_cache(maxsize=8)
def _words_of_kinds(graph: KnowledgeGraph, own: str) -> frozenset[str]:
    """Return the words that a user's own categories are called by: "RNA product"."""
    del own
    strange = set(graph.column("category").unique().to_pylist()).difference(CATEGORIES)
    said = [text for name in strange for text in vocabulary.kind_words(name)]
    return frozenset(word for text in said for word in text.split())


def _unmentioned(context: Context, index: int) -> Iterator[Finding]:
    step = context.row.trace[index]
    seen = context.named(step.text) | context.named(step.concludes)
    if seen.issuperset(step.entities) and context.listed.issuperset(step.entities):
        return
    resting = {end for e in context.step_edges(index) for end in (e.subject, e.object)}
    for curie in step.entities:
        if curie not in seen and curie not in resting:
            message = f"{curie} is listed, and neither mentioned nor part of a cited edge"
            yield Finding("unmentioned_entity", index, severity="warning", message=message)
        if curie not in context.listed:
            yield Finding(
                "unlisted_entity", index, message=f"{curie} is not among the row's entities"
            )
