"""What a stem tells beyond its query: whose findings, which age, which sex, how often.

A vignette may say of its patient only what is recorded of the disease that the patient has: an
onset that the trace cites, the one sex that its findings are recorded in. A stem may say "often"
only where every record allows it. And it tells every finding that the query asks by.
"""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.shares import range_of
from kgsynth.records import Edge, Finding, QueryEdge

_BIRTH, _NEWBORN, _INFANT, _SCHOOL = "HP:0003577", "HP:0003623", "HP:0003593", "HP:0003621"
_CHILD = frozenset({"HP:0011463", "HP:0410280"})
_EARLY = _CHILD | {_BIRTH, _NEWBORN, _INFANT, _SCHOOL}
_YOUNG = frozenset({"HP:0011462", "HP:0025708", "HP:0025709", "HP:0025710"})
_ADULT, _MIDDLE, _LATE = "HP:0003581", "HP:0003596", "HP:0003584"
_GROWN = _YOUNG | {_ADULT, _MIDDLE, _LATE}

#: What a stem may say of age, and the terms of onset that bear it out.
AGES: dict[str, frozenset[str]] = {
    "at birth": frozenset({_BIRTH}),
    "in the newborn period": frozenset({_NEWBORN}),
    "in the first weeks of life": frozenset({_NEWBORN}),
    "in infancy": frozenset({_INFANT}),
    "in the first year of life": frozenset({_INFANT}),
    "in childhood": _CHILD,
    "at school age": frozenset({_SCHOOL}),
    "in the school years": frozenset({_SCHOOL}),
    "in young adulthood": _YOUNG,
    "in adulthood": frozenset({_ADULT}),
    "in middle age": frozenset({_MIDDLE}),
    "late in life": frozenset({_LATE}),
    **dict.fromkeys(("newborn", "neonate"), frozenset({_BIRTH, _NEWBORN})),
    **dict.fromkeys(("infant", "baby", "toddler"), frozenset({_BIRTH, _NEWBORN, _INFANT})),
    **dict.fromkeys(("child", "boy", "girl"), _EARLY),
    **dict.fromkeys(("school-age", "adolescent", "teenager", "teenage"), frozenset({_SCHOOL})),
    **dict.fromkeys(("young adult", "young man", "young woman"), _YOUNG),
    **dict.fromkeys(("adult", "man", "woman"), _GROWN),
    "middle-aged": frozenset({_MIDDLE}),
    "elderly": frozenset({_LATE}),
}
_LONGEST = sorted(AGES, key=len, reverse=True)
_AGE = re.compile(rf"(?<![\w-])(?<!prevalence )(?:{'|'.join(_LONGEST)})(?!\w)", re.IGNORECASE)
_YEARS = re.compile(r"\b(?:[\w-]+[- ](?:year|month|week|day)s?[- ]old|aged? \d+)\b", re.IGNORECASE)
#: Behind these a time must follow that is in the table.
_BEGUN = re.compile(r"\b(?:began|started|first affected|signs came|first had symptoms)\b")

_MALE = "male boy man he his him son brother father uncle husband grandfather nephew"
_FEMALE = "female girl woman she her hers daughter sister mother aunt wife grandmother niece"
_SEXES = dict.fromkeys(_MALE.split(), "male") | dict.fromkeys(_FEMALE.split(), "female")
_SEX = re.compile(rf"(?<![\w-])(?:{'|'.join(_SEXES)})(?![\w])", re.IGNORECASE)

#: Words for how often a finding is seen: at least so large a share of patients, at most so large.
_OFTEN: dict[str, tuple[float, float]] = {
    "always": (1.0, 1.0),
    "nearly always": (0.9, 1.0),
    "usually": (0.6, 1.0),
    "typically": (0.6, 1.0),
    "mostly": (0.6, 1.0),
    "often": (0.3, 1.0),
    "commonly": (0.3, 1.0),
    "frequently": (0.3, 1.0),
    "sometimes": (0.05, 0.6),
    "occasionally": (0.0, 0.3),
    "rarely": (0.0, 0.3),
    "seldom": (0.0, 0.3),
}
_HOW_OFTEN = re.compile(
    rf"\b(?:{'|'.join(sorted(_OFTEN, key=len, reverse=True))})\b", re.IGNORECASE
)
#: Words without which a stem says none of this; a look for them costs a tenth of the patterns.
_SIGNS = frozenset(
    word
    for text in (*AGES, *_SEXES, *_OFTEN, "began started affected came had old aged")
    for word in re.findall(r"[a-z]+", text)
) - {"at", "in", "life", "of", "the"}
_WORD = re.compile(r"[a-z]+")
_SENTENCE = re.compile(r"[^.?!]+[.?!]?")


def check_stem(context: Context) -> Iterator[Finding]:
    """Yield findings where a stem tells what is not recorded, or leaves a finding out.

    Yields:
        ``wrong_case``, ``wrong_share``.
    """
    stem = context.row.question
    told = context.named(stem)
    clues = [edge for edge in context.row.query.edges if _is_told(edge)]
    for clue in dict.fromkeys(edge.object for edge in clues):
        if clue not in told:
            yield row_finding("wrong_case", f"the stem does not tell {clue}")
    if _SIGNS.isdisjoint(_WORD.findall(stem.lower())):
        return
    said = _without_names(context, stem)
    yield from _ages(context, said)
    for match in _SEX.finditer(said):
        if _SEXES[match[0].lower()] not in _recorded_sexes(context):
            message = f"{match[0]!r}, and the findings are not recorded in one sex, this one"
            yield row_finding("wrong_case", message)
    if _HOW_OFTEN.search(said):
        yield from _shares(context, clues, said)


def _is_told(edge: QueryEdge) -> bool:
    plain = edge.predicate == "has_phenotype" and edge.subject.startswith("?")
    return plain and not edge.object.startswith("?")


def _patient(context: Context) -> str:
    """Return the disease whose patient a stem may tell of, "" where there is none."""
    row = context.row
    first = row.query.variables[0]
    if row.kind in ("list", "comparison", "dual") or first.category != "Disease":
        return ""
    return context.value(first.name)


def _ages(context: Context, said: str) -> Iterator[Finding]:
    """Find ages that no onset bears out which is recorded, undisputed and cited."""
    ages = list(_AGE.finditer(said))
    starts = {match.start() for match in ages}
    for match in _YEARS.finditer(said):
        yield row_finding("wrong_case", f"{match[0]!r}: no age in numbers is recorded")
    for match in _BEGUN.finditer(said):
        if match.end() + 1 not in starts:
            yield row_finding("wrong_case", f"{match[0]!r}, in words nobody knows")
    if not ages:
        return
    disease = _patient(context)
    cited = {
        edge.object
        for edge in context.edges.values()
        if (edge.subject, edge.predicate) == (disease, "has_attribute")
        and not (edge.negated or edge.contested)
    }
    for match in ages:
        if cited.isdisjoint(AGES[match[0].lower()]):
            message = f"{match[0]!r}, and no onset that is cited of {disease!r} bears it out"
            yield row_finding("wrong_case", message)


def _recorded_sexes(context: Context) -> frozenset[str]:
    """Return the sex that the records of the patient's findings name, if they name one only."""
    variable = context.row.query.variables[0].name
    edges = [
        _record(context, edge)
        for edge in context.row.query.edges
        if edge.subject == variable and _patient(context)
    ]
    sexes = frozenset(edge.sex for edge in edges if edge is not None and edge.sex)
    return sexes if len(sexes) == 1 else frozenset()


def _record(context: Context, edge: QueryEdge) -> Edge | None:
    """Return what is recorded of a query edge itself, not of a more specific finding."""
    return context.graph.find_edge(context.value(edge.subject), edge.predicate, edge.object)


def _shares(context: Context, clues: list[QueryEdge], said: str) -> Iterator[Finding]:
    """Find "often" and its kin in a sentence with a finding that is not seen so often."""
    mentions = context.mentions(context.row.question)
    for sentence in _SENTENCE.finditer(said):
        here = {
            node
            for mention in mentions
            if sentence.start() <= mention.start < sentence.end()
            for node in mention.nodes
        }
        for match in _HOW_OFTEN.finditer(sentence[0]):
            least, most = _OFTEN[match[0].lower()]
            for edge in clues:
                record = _record(context, edge) if edge.object in here else None
                found = range_of(record) if record is not None else None
                if edge.object in here and (
                    found is None or found.low < least or found.high > most
                ):
                    message = f"{match[0]!r} of {edge.object}: {found}"
                    yield row_finding("wrong_share", message)


def _without_names(context: Context, text: str) -> str:
    """Return a text with every mention blanked: a male hypogonadism is no male patient."""
    parts, at = [], 0
    for mention in context.mentions(text):
        parts += [text[at : mention.start], "_" * (mention.end - mention.start)]
        at = mention.end
    return "".join([*parts, text[at:]])
