"""Does the question give anything away? Rule L, and what a prompt or a template left behind."""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, compress

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.gazetteer import WORD as SPOKEN_WORD
from kgsynth.checks.gazetteer import words_of
from kgsynth.graph.answers import is_clue
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Finding

#: A word of so many letters or more, in at most so many names of its category, is distinctive.
LETTERS, MOST_NAMES = 5, 100

_AUTHORITIES = "HP|MONDO|OMIM|MIM|OMIMPS|ORPHA(?:NET)?|ORDO|NCBIGene|HGNC|DOID|UMLS|GARD|MeSH"
_ID = re.compile(
    rf"\b(?:{_AUTHORITIES})[:_]\s?\w*\d\w*|(?<!\w)\?[a-z]+\d*\b",
    re.IGNORECASE,
)
_EDGE_ID = re.compile(r"e[0-9a-f]{12}\b")
_REMNANT = re.compile(
    r"[{}]|<[/|]?\w+\|?>|\[/?INST\]|```|\bas an? (?:AI|artificial|(?:large )?language model)\b"
    r"|\b(?:the|these|given|above|provided) (?:instructions|facts (?:above|below|given|listed))\b"
    r"|\bI (?:cannot|can't|am unable to|will now)\b|\bas (?:requested|instructed)\b|\bJSON\b"
    r"|\\n|\bTODO\b|\b(?:system|user|assistant)\s*:|\bhere is (?:the|a) (?:question|answer)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_REMNANT_SIGNS = (
    *(" ai", "model", "instruct", "facts", "i c", "i a", "i w", "reque", "json", "todo"),
    *("system:", "user:", "assistant:", "system :", "user :", "assistant :", "here is"),
)
_LABEL = re.compile(r"[EF](?<![\w-][EF])\d{1,2}(?![\w-])")

#: What may be left behind: its code, its pattern, and signs without which it cannot be there (a
#: look for them costs a hundredth of the pattern).
_LEFT: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("leaked_id", _ID, (":", "_", "?")),
    ("leaked_id", _EDGE_ID, ()),
    ("prompt_text", _REMNANT, (*"{}<[`\\", *_REMNANT_SIGNS)),
    ("prompt_text", _LABEL, ()),
)

#: For words with names between them: what may begin in them and end in a name, or the reverse.
_BEGINS_ID = re.compile(rf"\b(?:{_AUTHORITIES})[:_]", re.IGNORECASE)
_BEHIND_I = re.compile(r" (?:cannot|can't|am|will)\b", re.IGNORECASE)
#: A name that neither begins nor ends with one of these, but for a last "I", ends nothing either.
LEFT_WORDS = frozenset(
    re.findall(
        r"\w+",
        "as a an AI artificial large language model, the these given above provided instructions "
        "facts below listed, I cannot can't am unable to will now, requested instructed JSON TODO "
        "INST, here is question answer".lower(),
    )
)

#: Words that ask for a mode of inheritance, so that the answer's name may share them.
_ASKING = {"GeneticInheritance": frozenset(("inheritance", "inherited", "mode", "pattern"))}


def check_leakage(context: Context) -> Iterator[Finding]:
    """Yield findings where stem or prompt names what is to be found, or text is left behind.

    Yields:
        ``leaked_name``, ``leaked_word``, ``clue_kin`` (rule L), ``leaked_id``, ``prompt_text``.
    """
    shown = _shown(context)
    exempt = _exempt(context)
    line = f" {' '.join([word.lower() for word in SPOKEN_WORD.findall(shown)])} "
    exact = f" {' '.join(_WORD.findall(shown))} "
    for curie in context.hidden():
        yield from _leaks(context, curie, (line, exact), exempt)
    yield from _clue_kin(context)
    if not (_ends_tidily(context) and _is_tidy_prompt(shown[len(context.row.question) :])):
        yield from _left_behind(context, shown, -1)
    for index, step in enumerate(context.row.trace):
        if not context.is_tidy(step.text):
            yield from _left_behind(context, step.text, index)
        if step.concludes not in (context.row.answer, step.text) and not context.is_tidy(
            step.concludes
        ):
            yield from _left_behind(context, step.concludes, index)


def _ends_tidily(context: Context) -> bool:
    """Say whether nothing is left behind in the stem, nor begins at its end."""
    stem = context.row.question
    return context.is_tidy(stem) and stem[-1:] in (".", "?", "!")


@functools.lru_cache(maxsize=256)
def _is_tidy_prompt(text: str) -> bool:
    """Say whether nothing is left behind in what a prompt says beside the stem."""
    return leaves_nothing(text)


def _shown(context: Context) -> str:
    """Return stem and prompt without the texts of the options, which must name the answer."""
    prompt = context.row.prompt
    for option in context.row.options:
        prompt = prompt.replace(option.text, "")
    rest = prompt.replace(context.row.question, "")
    return f"{context.row.question}\n{rest}"


def _exempt(context: Context) -> frozenset[str]:
    """Return the words that the question must use: of the class or relation it asks within."""
    query = context.row.query
    words: set[str] = set()
    for edge in query.edges:
        if edge.subject == query.target and edge.predicate == "subclass_of" and is_clue(edge):
            for surface in context.graph.surfaces(edge.object):
                words.update(words_of(surface))
    for variable in query.variables:
        if variable.name == query.target:
            words |= _ASKING.get(variable.category, frozenset())
    if context.row.candidate.id:
        for surface in context.graph.surfaces(context.row.candidate.id):
            words.update(words_of(surface))
    return frozenset(words)


def _leaks(
    context: Context, curie: str, shown: tuple[str, str], exempt: frozenset[str]
) -> Iterator[Finding]:
    """Find a hidden entity in what is shown: as words in lower case, and with their case."""
    graph = context.graph
    line, exact = shown
    for spelled, name, acronym in _spelled(graph, curie):
        where = exact if acronym else line
        if f" {name} " in where and not exempt.issuperset(spelled):
            yield row_finding("leaked_name", f"the question holds {name!r}, hidden is {curie}")
            return
    stem = _plain_words(context.row.question)
    for word in sorted((distinctive_words(graph, curie) & stem) - exempt):
        yield row_finding("leaked_word", f"the question holds {word!r} of {curie}")


@functools.lru_cache(maxsize=65536)
def _spelled(graph: KnowledgeGraph, curie: str) -> tuple[tuple[tuple[str, ...], str, bool], ...]:
    """Return each spelling's words, how to look for it, and whether case matters."""
    found = []
    for surface in graph.surfaces(curie):
        words = words_of(surface)
        acronym = len(words) == 1 and surface[1:] != surface[1:].lower()
        if words:
            found.append((words, surface if acronym else " ".join(words), acronym))
    return tuple(found)


@functools.lru_cache(maxsize=65536)
def distinctive_words(graph: KnowledgeGraph, curie: str) -> frozenset[str]:
    """Return the distinctive words of an entity's spellings."""
    spread = name_words(graph, graph.node(curie).category)
    words = frozenset[str]().union(*(_plain_words(text) for text in graph.surfaces(curie)))
    return frozenset(
        word
        for word in words
        if len(word) >= LETTERS and spread[word] <= MOST_NAMES and not word.isdigit()
    )


@functools.lru_cache(maxsize=65536)
def _plain_words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


@functools.lru_cache(maxsize=64)
def name_words(graph: KnowledgeGraph, category: str) -> Counter[str]:
    """Return in how many names of a category each word stands."""
    kinds = graph.column("category").to_pylist()
    names = compress(graph.column("name").to_pylist(), (kind == category for kind in kinds))
    found = (set(_WORD.findall(name.lower())) for name in names)
    return Counter(chain.from_iterable(found))


def _clue_kin(context: Context) -> Iterator[Finding]:
    query, graph = context.row.query, context.graph
    answer = graph.index_of(context.value(query.target))
    for edge in query.edges:
        if not is_clue(edge) or edge.predicate == "subclass_of":
            continue
        clue = graph.index_of(edge.object if edge.subject.startswith("?") else edge.subject)
        up, down = context.solver.above(answer), context.solver.above(clue)
        if clue == answer or clue in up or answer in down:
            yield row_finding("clue_kin", f"clue {graph.id_of(clue)} is kin of the answer")


def leaves_nothing(text: str) -> bool:
    """Say whether nothing is left behind in some words, whatever names stand beside them."""
    if _BEGINS_ID.search(text) or _BEHIND_I.match(text):
        return False
    return not any(pattern.search(text) for _, pattern, _ in _LEFT)


def _left_behind(context: Context, text: str, index: int) -> Iterator[Finding]:
    lowered = text.lower()
    for code, pattern, signs in _LEFT:
        if signs and not any(sign in lowered for sign in signs):
            continue
        for match in pattern.finditer(text):
            # F8 and E2F1 are genes; inside a name nothing is left behind.
            mentions = context.mentions(text)
            if not any(m.start <= match.start() and match.end() <= m.end for m in mentions):
                span = match.span() if index >= 0 else (0, 0)
                yield Finding(code, index, *span, message=f"{match[0]!r} is left in the text")
