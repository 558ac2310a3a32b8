"""What a text says of the onset or the prevalence of a disease: "X is recorded with late onset".

Terms of onset are too plain to be looked for everywhere; they, and classes of prevalence, count as
mentions where a step speaks of them, and belong to the disease beside them.
"""

import functools
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kgsynth.checks.base import Context
from kgsynth.checks.clause_claims import is_denied_in
from kgsynth.checks.clauses import Clause, step_clauses
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Finding

#: Between two values: which is less.
COMPARED = re.compile(
    r" (?:comes (?P<time>before|after)|is (?P<share>higher|lower) than) (?:an? )?"
)
_LESS = frozenset({"before", "lower"})

#: Whatever is said as a class of prevalence, whether there is such a class or not.
_CLASS = re.compile(
    r"\b(?i:point prevalence|(?:lifetime )?prevalence(?: at birth)?|annual incidence)"
    r" (?:of|below|above) (?P<few>[\d-]+) in (?P<many>[\d,]*\d)"
    r"(?: worldwide| in a specific population| in (?:the )?[A-Z]\w+(?: (?:of |and )?[A-Z]\w+)*)?"
)
_CUES = (" onset", "prevalence", "incidence")


def check_values(context: Context, index: int) -> Iterator[Finding]:
    """Yield findings where a step states a value that is not recorded, or not cited.

    Yields:
        ``unsupported_claim``, ``uncited_claim``, ``recorded_denial``, ``wrong_number``.
    """
    step = context.row.trace[index]
    if not any(cue in step.text for cue in _CUES):
        return
    names, _ = value_names(context.graph)
    for match in _CLASS.finditer(step.text):
        if match[0].lower() not in names:
            message = f"there is no class {match[0]!r}"
            yield Finding("wrong_number", index, *match.span(), message=message)
    cited = [edge for at in range(index + 1) for edge in context.step_edges(at)]
    proved = {(e.subject, e.object) for e in cited if e.predicate == "has_attribute"}
    for said in values_in(context, index):
        edge = context.graph.find_edge(said.disease, "has_attribute", said.value)
        code = ""
        if said.denied:
            code = "" if edge is None else "recorded_denial"
        elif edge is None or edge.contested:
            code = "unsupported_claim"
        elif (said.disease, said.value) not in proved:
            code = "uncited_claim"
        if code:
            message = f"{said.disease} has_attribute {said.value}"
            yield Finding(code, index, said.start, said.end, message=message)


class Said(NamedTuple):
    """A value that a text gives a disease, or denies it, and where."""

    disease: str
    value: str
    denied: bool
    start: int
    end: int


def values_in(context: Context, index: int) -> Iterator[Said]:
    """Yield every onset and prevalence that a step states or denies of a disease."""
    names, pattern = value_names(context.graph)
    spoken_of = ""
    for clause in step_clauses(context, index):
        diseases = [spot for spot in clause.spots if spot.category == "Disease"]
        if COMPARED.search(clause.text):
            continue  # "infantile onset comes before adult onset" says so of no disease
        for match in pattern.finditer(clause.text):  # names of diseases are blanked in it
            owner = _owner(clause, clause.start + match.start()) or spoken_of
            if owner:
                at = clause.start + match.start()
                denied, end = is_denied_in(clause), clause.start + match.end()
                yield Said(owner, names[match[0].lower()], denied, at, end)
        spoken_of = diseases[-1].node if diseases else spoken_of


def _owner(clause: Clause, at: int) -> str:
    diseases = [spot for spot in clause.spots if spot.category == "Disease"]
    before = [spot for spot in diseases if spot.start < at]
    chosen = before[-1:] or diseases[:1]
    return chosen[0].node if chosen else ""


def compared_in(context: Context, index: int) -> Iterator[tuple[str, str, str]]:
    """Yield what a step compares: the value that it calls less, the other one, and its words.

    A value that is none, or not there, is "".
    """
    text = context.row.trace[index].text
    names, pattern = value_names(context.graph)
    for match in COMPARED.finditer(text):
        before = [m[0].lower() for m in pattern.finditer(text) if m.end() == match.start()]
        after = pattern.match(text, match.end())
        ends = "".join(before[-1:]), after[0].lower() if after else ""
        first, second = (names.get(name, "") for name in ends)
        less = (match["time"] or match["share"]) in _LESS
        yield *((first, second) if less else (second, first)), text[: match.end()]


@functools.lru_cache(maxsize=8)
def value_names(graph: KnowledgeGraph) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the values by their names in lower case, and what finds them in a text."""
    categories, ids = graph.column("category").to_pylist(), graph.column("id").to_pylist()
    called = ((curie, c) for curie, c in zip(ids, categories, strict=True) if c in _OF)
    named = ((graph.node(curie).name, curie, category) for curie, category in called)
    names = {name.lower(): curie for name, curie, category in named if _OF[category](name)}
    ordered = sorted(names, key=len, reverse=True)
    words = "|".join(re.escape(name) for name in ordered) or r"(?!)"
    return names, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


#: Which names of a category are values.
_OF: dict[str, Callable[[str], bool]] = {
    "Onset": lambda name: name.lower().endswith(" onset"),
    "ClinicalAttribute": lambda name: _CLASS.fullmatch(name) is not None,
}
