"""When two questions ask the same, or nearly: by their query, by what they rest on, by their words.

- **Same query.** `query_key` is equal for two questions exactly if their queries are: whatever
  their kind and form, the names and the order of variables, and the order of edges.
- **Same ground.** A question rests on its query's edges with all variables bound. Whoever knows one
  question by heart has most of another that shares most of these facts, so their likeness
  (Jaccard) stays below a limit: two cases of one disease differ in their findings, two chains over
  the same pair of diseases in more than the last hop.
- **Same words.** The words of two stems, with the names in them. What a template adds is half of
  them by design and cannot be told from what it was given, so the limit is high; without the names
  every second stem would be alike. It finds what the other two miss: other terms, same words.

A question that is refused is forgotten; only what goes on counts against later ones.
"""

import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kgsynth.biolink import PREDICATES
from kgsynth.datasets.alike import AlikeIndex
from kgsynth.records import Mined, Query, QueryEdge, Rejection, Row

_WORD = re.compile(r"\w+")

#: In a line of JSON a quotation mark that belongs to a text has a backslash before it.
_STEM = re.compile(rb'"question": ?("(?:[^"\\]|\\.)*")')

#: However few rows a run has, so many may be about one entity.
FEW = 4

#: How `about` calls two diseases that a question leads over, or compares.
_PAIR = "pair of diseases"

#: An edge as it is compared: predicate, denial, and its ends, constants or places of variables.
_Written = tuple[str, bool, str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """How alike the questions of a run may be.

    Attributes:
        ground: Two questions share less than this share of their facts, in (0, 1].
        words: Two stems share less than this share of their words, in (0, 1].
        share: Share of a run that may have one answer, or one first disease; answers of
            categories with few members may come more often. Of two diseases that a question
            leads over, or compares, a tenth of that.
    """

    ground: float = 0.7
    words: float = 0.85
    share: float = 0.01


_ALIKE = "an earlier question has nearly the same words"


class Asked(NamedTuple):
    """A question as it is compared with others."""

    key: bytes
    spine: tuple[str, ...]
    facts: frozenset[str]
    about: tuple[str, ...]


class SamenessGate:
    """Holds the mined questions of a run apart from each other.

    Args:
        limits: How alike they may be.
        n: The rows that the run is for.
        small: Categories whose members may be answers as often as it comes.
    """

    def __init__(self, limits: Limits, n: int, small: frozenset[str] = frozenset()) -> None:
        self._most = max(FEW, int(n * limits.share))
        self._most_of_pair = max(FEW, int(n * limits.share / 10))
        self._small = small
        self._keys: set[bytes] = set()
        self._spines: set[tuple[str, ...]] = set()
        self._facts = AlikeIndex(limits.ground)
        self._about: Counter[str] = Counter()

    def look(self, mined: Mined) -> Asked:
        """Return what `judge` and `keep` look at."""
        return Asked(query_key(mined), walked(mined), facts_of(mined), about(mined, self._small))

    def judge(self, asked: Asked) -> tuple[str, str]:
        """Return the code with which a question is refused and why, or two empty texts."""
        if asked.key in self._keys:
            return "duplicate_query", "an earlier question of the run asks the same query"
        if asked.spine and asked.spine in self._spines:
            return "near_duplicate", "an earlier question of the run walks the same spine"
        for one in asked.about:
            most = self._most_of_pair if one.startswith(_PAIR) else self._most
            if self._about[one] >= most:
                return "near_duplicate", f"{most} earlier questions have the same {one}"
        if self._facts.find(asked.facts) is not None:
            return "near_duplicate", "an earlier question rests on nearly the same facts"
        return "", ""

    def keep(self, asked: Asked) -> None:
        """Remember a question that goes on."""
        self._keys.add(asked.key)
        self._spines.add(asked.spine)
        self._facts.add(asked.facts)
        self._about.update(asked.about)


class WordingGate:
    """Holds the stems of a run apart from each other; see `stem_of` for those of written rows."""

    def __init__(self, limits: Limits) -> None:
        self._stems = AlikeIndex(limits.words)

    def refuse(self, row_id: str, stem: str) -> Rejection | None:
        """Return why a row may not go on; one that may is remembered."""
        words = words_of(stem)
        if self._stems.find(words) is None:
            self._stems.add(words)
            return None
        return Rejection(row_id, "distinct", "near_duplicate", _ALIKE)


def stem_of(line: bytes) -> str:
    """Return the stem of a row that was written as a line, without reading the rest of it."""
    found = _STEM.search(line)
    return str(json.loads(found[1])) if found else ""


def words_of(stem: str) -> frozenset[str]:
    """Return the different words of a stem, in lower case."""
    return frozenset(_WORD.findall(stem.casefold()))


def walked(mined: Mined) -> tuple[str, ...]:
    """Return the entities that a chain walks over, in order; nothing for a query of one step.

    Templates that differ in what pins a variable walk the same spines.
    """
    variables = mined.query.spine[1:]
    return tuple(mined.bound[name] for name in variables) if len(variables) > 1 else ()


def facts_of(mined: Mined) -> frozenset[str]:
    """Return what a question rests on: its edges with variables bound, and what it names beside.

    What a counted variable stands for is no fact of its own, and what is proposed or compared is
    one.
    """
    query, bound = mined.query, mined.bound
    told = [
        edge
        for edge in query.edges
        if not query.counted or query.counted not in (edge.subject, edge.object)
    ]
    facts = {" ".join(_bound(edge, bound)) for edge in told}
    return frozenset(facts | {*query.among, *([mined.candidate] if mined.candidate else ())})


def _bound(edge: QueryEdge, bound: dict[str, str]) -> tuple[str, ...]:
    subject, object_ = bound.get(edge.subject, edge.subject), bound.get(edge.object, edge.object)
    return subject, edge.predicate, object_, "not" if edge.negated else ""


def about(mined: Mined, small: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return what no large share of a run may have in common.

    Args:
        mined: The question.
        small: Categories of which an answer does not count.

    Returns:
        Such as ``answer HP:0000545``, ``first disease MONDO:0007947``, and
        ``pair of diseases MONDO:0007947 MONDO:0012212``; what a `dual` proposes takes the answer's
        place.
    """
    query, bound = mined.query, mined.bound
    kinds = {variable.name: variable.category for variable in query.variables}
    found = []
    if kinds[query.target] not in small:
        found.append(f"answer {mined.candidate or bound[query.target]}")
    diseases = [bound[name] for name, kind in kinds.items() if kind == "Disease" and name in bound]
    pair = query.among or diseases
    if len(query.spine) > 1 and diseases and len(query.variables) > 1:
        found.append(f"first disease {diseases[0]}")
    if len(pair) > 1:
        found.append(f"{_PAIR} {' '.join(sorted(pair))}")
    return tuple(found)


def query_key(asked: Mined | Row) -> bytes:
    """Return what is equal for two questions exactly if they ask the same query.

    A `dual` asks one query several times, so what it proposes is part of it.
    """
    query = asked.query
    proposed = (
        (asked.candidate if isinstance(asked, Mined) else asked.candidate.id) if asked.pair else ""
    )
    edges = min(_written(query, order) for order in _orders(query))
    content = (edges, sorted(query.among), query.order, proposed)
    return hashlib.blake2b(repr(content).encode(), digest_size=16).digest()


def _written(query: Query, order: tuple[str, ...]) -> tuple[object, ...]:
    """Return a query with its variables named by their places in an order."""
    place = {name: f"?{at}" for at, name in enumerate(order)}
    kinds = {variable.name: variable.category for variable in query.variables}
    marked = place.get(query.counted, "")
    edges = tuple(sorted(_edge(edge, place) for edge in query.edges))
    return (place[query.target], marked, tuple(kinds[name] for name in order), edges)


def _edge(edge: QueryEdge, names: dict[str, str]) -> _Written:
    subject = names.get(edge.subject, edge.subject)
    object_ = names.get(edge.object, edge.object)
    known = PREDICATES.get(edge.predicate)
    if known is not None and known.symmetric and object_ < subject:
        subject, object_ = object_, subject
    return edge.predicate, edge.negated, subject, object_


def _orders(query: Query) -> Iterator[tuple[str, ...]]:
    """Yield the orders of variables that are to be tried: those that nothing tells apart permuted.

    Variables are told apart by category, by being the target, and by what hangs on them, on their
    neighbours, and so on (colour refinement); of a path with clues hardly two are ever equal.
    """
    colours = {v.name: repr((v.name == query.target, v.category)) for v in query.variables}
    for _ in range(len(colours)):
        if len(set(colours.values())) == len(colours):
            break
        around: dict[str, list[_Written]] = {name: [] for name in colours}
        for edge in query.edges:
            for end in {edge.subject, edge.object} & colours.keys():
                around[end].append(_edge(edge, colours | {end: "?"}))
        colours = {name: f"{colours[name]}{sorted(around[name])}" for name in colours}
        colours = _numbered(colours)
    groups: dict[str, list[str]] = {}
    for name in colours:
        groups.setdefault(colours[name], []).append(name)
    choices = (itertools.permutations(groups[colour]) for colour in sorted(groups))
    for chosen in itertools.product(*choices):
        yield tuple(itertools.chain.from_iterable(chosen))


def _numbered(colours: dict[str, str]) -> dict[str, str]:
    """Return short names for colours, in their order."""
    number = {colour: f"?{at}" for at, colour in enumerate(sorted(set(colours.values())))}
    return {name: number[colour] for name, colour in colours.items()}
