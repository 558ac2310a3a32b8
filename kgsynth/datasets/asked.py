"""What a question is compared with others by: its query, its spine, its facts, what it is about."""

import hashlib
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from kgsynth.biolink import PREDICATES
from kgsynth.records import Mined, Query, QueryEdge, Row

#: How `about` calls two diseases that a question leads over, or compares.
PAIR = "pair of diseases"

#: An edge as it is compared: predicate, denial, and its ends, constants or places of variables.
_Written = tuple[str, bool, str, str]


class Asked(NamedTuple):
    """A question as it is compared with others.

    Attributes:
        key: See `query_key`.
        spine: See `walked`.
        facts: See `facts_of`.
        about: See `about`.
    """

    key: bytes
    spine: tuple[str, ...]
    facts: frozenset[str]
    about: tuple[str, ...]


def asked_of(mined: Mined, small: frozenset[str] = frozenset()) -> Asked:
    """Return what of a question is compared; for `small` see `about`."""
    return Asked(query_key(mined), walked(mined), facts_of(mined), about(mined, small))


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
        found.append(f"{PAIR} {' '.join(sorted(pair))}")
    return tuple(found)


def query_key(asked: Mined | Row) -> bytes:
    """Return what is equal for two questions exactly if they ask the same query.

    A `dual` asks one query several times, so what it proposes is part of it.
    """
    query = asked.query
    if not asked.pair and (stops := _path(query)):
        return path_key(stops)
    proposed = (
        (asked.candidate if isinstance(asked, Mined) else asked.candidate.id) if asked.pair else ""
    )
    edges = min(_written(query, order) for order in _orders(query))
    content = (edges, sorted(query.among), query.order, proposed)
    return hashlib.blake2b(repr(content).encode(), digest_size=16).digest()


def path_key(stops: list[tuple[str, list[str], str]]) -> bytes:
    """Return the key of a query whose variables form a path that ends at the target.

    Args:
        stops: For each variable, the target first, its category, what it is pinned by, sorted,
            and what links it with the next one; see `relation`.
    """
    return hashlib.blake2b(repr(stops).encode(), digest_size=16).digest()


def relation(predicate: str, *, is_subject: bool, negated: bool = False) -> str:
    """Return a relation as it is seen from one of its ends, behind which the other one may stand.

    Example:
        >>> relation("has_phenotype", is_subject=True) + "HP:0000545"
        'has_phenotype > HP:0000545'
        >>> relation("interacts_with", is_subject=True)
        'interacts_with - '
    """
    known = PREDICATES.get(predicate)
    sign = "-" if known is not None and known.symmetric else "<>"[is_subject]
    return f"{'not ' if negated else ''}{predicate} {sign} "


def _path(query: Query) -> list[tuple[str, list[str], str]]:
    """Return what `path_key` takes; nothing for a query of another shape."""
    if query.among or query.counted:
        return []
    pins: dict[str, list[str]] = {variable.name: [] for variable in query.variables}
    links: dict[str, list[tuple[str, str]]] = {name: [] for name in pins}
    for edge in query.edges:
        ends = (edge.subject, edge.object, True), (edge.object, edge.subject, False)
        for own, other, is_subject in ends:
            if own in pins:
                told = relation(edge.predicate, is_subject=is_subject, negated=edge.negated)
                if other in pins:
                    links[own].append((other, told))
                else:
                    pins[own].append(told + other)
            elif other not in pins:
                return []
    kinds = {variable.name: variable.category for variable in query.variables}
    stops, at, before = [], query.target, ""
    while True:
        onward = [link for link in links[at] if link[0] != before]
        known = len(links[at]) - len(onward)
        if len(onward) > 1 or known != bool(before) or at in (link[0] for link in onward):
            return []
        told = onward[0][1] if onward else ""
        stops.append((kinds[at], sorted(pins[at]), told))
        if not onward:
            return stops if len(stops) == len(kinds) else []
        before, at = at, onward[0][0]


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
