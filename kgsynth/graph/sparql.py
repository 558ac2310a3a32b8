"""Queries as SPARQL: the same question, put to any RDF store that holds the RDF view.

Pure text, made without a store and without the graph. What a query edge means is what
`kgsynth.graph.cypher` says, word for word; the vocabulary is that of `kgsynth.graph.rdf`: a
positive statement is a plain triple (``subclass_of`` is ``rdfs:subClassOf``), a contested one has
a statement node besides that says so, a denial has nothing but its statement node. A property
path walks the hierarchy: ``*`` from the term itself, ``+`` from below it.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from kgsynth.biolink import relation
from kgsynth.graph.pattern import (
    is_most_specific,
    is_variable,
    next_variable,
    through_closure,
    variables_of,
)
from kgsynth.graph.stencil import Stencils
from kgsynth.iris import BIOLINK, HOUSE, base_of, iri_of, prefixed
from kgsynth.memo import Memo
from kgsynth.records import Query, QueryEdge

#: Namespaces of the text; those of identifiers are added where they occur.
PREFIXES = {
    "biolink": BIOLINK,
    "dcterms": "http://purl.org/dc/terms/",
    "kgs": HOUSE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
#: Always in the text; the others are declared where they occur.
_ALWAYS = ("biolink", "dcterms")
_IS_A = "rdfs:subClassOf"
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


def to_sparql(query: Query) -> str:
    """Return a query that yields the ids of the complete answer set in one column ``answer``.

    Args:
        query: A connected query; a predicate that `kgsynth.biolink` does not know has no logic.

    Returns:
        SPARQL 1.1 for the RDF view of the graph; no parameters.
    """
    stencil, entities = _QUERIES.of(query)
    spelled = [_ENTITIES[curie] for curie in entities]
    head = _head(stencil.told.union([prefix for _, prefix in spelled]))
    return head + stencil.fill([text for text, _ in spelled])


@functools.lru_cache(maxsize=4096)
def _head(names: frozenset[str]) -> str:
    """Return the declarations of prefixes; "" is none."""
    used = {name: PREFIXES.get(name) or base_of(name) for name in names if name}
    return "".join(f"PREFIX {name}: <{base}>\n" for name, base in sorted(used.items()))


class _Text:
    """The text of one query, laid out in the order in which it is solved."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.categories = {variable.name: variable.category for variable in query.variables}
        self.used = set(_ALWAYS)
        self._helpers = 0

    def write(self) -> tuple[str, frozenset[str]]:
        """Return the text without its prefixes, and the prefixes that it uses."""
        lines: list[str] = []
        bound: list[str] = []
        pending = list(self.query.edges)
        while len(bound) < len(self.categories):
            name, binder = next_variable(self.query, bound, pending)
            bound.append(name)
            if binder is not None and not is_most_specific(binder):
                pending.remove(binder)
            ready = [edge for edge in pending if variables_of(edge) <= set(bound)]
            pending = [edge for edge in pending if edge not in ready]
            lines.extend(self._step(name, binder, ready, bound))
        target = _name(self.query.target)
        lines = self._ranked(lines) if self.query.order else lines
        body = "\n".join(f"  {line}" for line in lines)
        select = (
            f"SELECT DISTINCT ?answer WHERE {{\n{body}\n  {target} dcterms:identifier ?answer .\n}}"
        )
        return select, frozenset(self.used)

    def _step(
        self, name: str, binder: QueryEdge | None, ready: list[QueryEdge], bound: list[str]
    ) -> Iterator[str]:
        """Yield the lines that bind one variable and hold the clues that it makes ready."""
        # A store that begins with every disease is slow, so the category is a condition wherever
        # something else leads to the variable.
        if self.query.among and name == self.query.target:
            yield f"VALUES {_name(name)} {{ {' '.join(self.query.among)} }}"
        kind = f"{_name(name)} a {_word(self.categories[name])} ."
        if binder is None:
            yield kind
        else:
            yield self._holds(binder)
            yield f"FILTER EXISTS {{ {kind} }}"
        yield from self._differences(bound)
        yield from self._conditions(ready, binder)

    def _conditions(self, edges: Iterable[QueryEdge], binder: QueryEdge | None) -> Iterator[str]:
        for edge in edges:
            if edge is binder:
                yield f"FILTER NOT EXISTS {{ {self._more_specific(edge)} }}"
            elif edge.negated:
                yield self._denied(edge)
            else:
                yield f"FILTER EXISTS {{ {self._holds(edge)} }}"
                if is_most_specific(edge):
                    yield f"FILTER NOT EXISTS {{ {self._more_specific(edge)} }}"

    def _denied(self, edge: QueryEdge) -> str:
        """A negated edge: what is doubtful does not rule out."""
        holds = f"NOT EXISTS {{ {self._certain(edge)} }}"
        if is_most_specific(edge):
            more = self._more_specific(edge, doubtful=True)
            return f"FILTER ({holds} || EXISTS {{ {more} }})"
        return f"FILTER {holds}"

    def _differences(self, bound: Sequence[str]) -> Iterator[str]:
        *earlier, newest = bound
        for name in earlier:
            if self.categories[name] == self.categories[newest]:
                yield f"FILTER ({_name(newest)} != {_name(name)})"

    def _ranked(self, lines: list[str]) -> list[str]:
        """Return the lines that leave the entities with most or fewest of the counted variable.

        Each has two counts: with doubtful statements and without.
        """
        query = self.query
        target, counted = _name(query.target), _name(query.counted)
        edges = [edge for edge in query.edges if query.counted in variables_of(edge)]
        many = " ".join(lines)
        sure = " ".join([*(self._certain(e) for e in edges), many])
        number, groups = f"(COUNT(DISTINCT {counted}) AS", f"GROUP BY {target}"
        every = f"{{ SELECT {target} {number} ?_many) WHERE {{ {many} }} {groups} }}"
        surely = f"{{ SELECT {target} {number} ?_sure) WHERE {{ {sure} }} {groups} }}"
        if query.order == "most":
            bound = f"{{ SELECT (MAX(?_sure) AS ?_bound) WHERE {{ {surely} }} }}"
            return [every, bound, f"FILTER ({_or_none('?_many')} >= {_or_none('?_bound')})"]
        bound = f"{{ SELECT (MIN(?_many) AS ?_bound) WHERE {{ {every} }} }}"
        holds = f"FILTER ({_or_none('?_sure')} <= {_or_none('?_bound')})"
        return [every, f"OPTIONAL {surely}", bound, holds]

    # ---- one edge --------------------------------------------------------------------------

    def _holds(self, edge: QueryEdge) -> str:
        """Return the pattern under which an edge holds, doubtful statements included."""
        known = relation(edge.predicate)
        subject, object_ = _end(edge.subject), _end(edge.object)
        if edge.predicate == "subclass_of":
            return f"{subject} {self._is_a()}{'+' if through_closure(edge) else ''} {object_} ."
        ways = [_relation(edge.predicate)]
        if known.weaker:
            ways.append(_relation(known.weaker))
        if known.symmetric:
            ways += [f"^{way}" for way in ways]
        path = "|".join(ways)
        if not through_closure(edge):
            return f"{subject} {path} {object_} ."
        # From the named finding down and out, the way on which few statements are touched.
        back = f"({path})" if len(ways) > 1 else path
        return f"{object_} ^{self._is_a()}*/^{back} {subject} ."

    def _certain(self, edge: QueryEdge) -> str:
        """Return the pattern under which an edge holds by statements that nobody doubts."""
        subject, object_ = _end(edge.subject), _end(edge.object)
        if edge.predicate == "subclass_of":
            return self._holds(edge)  # the hierarchy is never contested
        if through_closure(edge):
            term = self._helper()
            found = f"{term} {self._is_a()}* {object_} ."
            return f"{self._undoubted(subject, edge.predicate, term)} {found}"
        found = self._undoubted(subject, edge.predicate, object_)
        if relation(edge.predicate).symmetric:
            back = self._undoubted(object_, edge.predicate, subject)
            return f"{{ {found} }} UNION {{ {back} }}"
        return found

    def _more_specific(self, edge: QueryEdge, *, doubtful: bool = False) -> str:
        """Return the pattern of a finding below the edge's object that is recorded too."""
        subject, object_, term = _end(edge.subject), _end(edge.object), self._helper()
        if doubtful:
            found = f"{subject} {_relation(edge.predicate)} {term} ."
        else:
            found = self._undoubted(subject, edge.predicate, term)
        return f"{found} {term} {self._is_a()}+ {object_} ."

    def _undoubted(self, subject: str, name: str, object_: str) -> str:
        """Return the pattern of a positive statement that is not contested."""
        relation, node = _relation(name), self._helper()
        self.used |= {"rdf", "kgs"}
        contested = (
            f"{node} rdf:subject {subject} ; rdf:predicate {relation} ; rdf:object {object_} ; "
            "kgs:contested true ."
        )
        return f"{subject} {relation} {object_} . FILTER NOT EXISTS {{ {contested} }}"

    # ---- spelling --------------------------------------------------------------------------

    def _helper(self) -> str:
        """Return a variable that no query has: theirs begin with a letter, or with two strokes."""
        self._helpers += 1
        return f"?_{self._helpers}"

    def _is_a(self) -> str:
        self.used.add("rdfs")
        return _IS_A


def _end(name: str) -> str:
    return _name(name) if is_variable(name) else name  # a mark: see `graph.stencil`


def _relation(name: str) -> str:
    return _word(relation(name).name)


def _or_none(count: str) -> str:
    """Return a count, 0 where nothing gives it."""
    return f"COALESCE({count}, 0)"


def word_iri(name: str) -> str:
    """Return the address of a category or a predicate.

    Example:
        >>> word_iri("Disease"), word_iri("subclass_of")
        ('https://w3id.org/biolink/vocab/Disease', 'http://www.w3.org/2000/01/rdf-schema#subClassOf')
    """
    if name == "subclass_of":
        return f"{PREFIXES['rdfs']}subClassOf"
    return BIOLINK + quote(name, safe="")


@functools.lru_cache(maxsize=4096)
def _name(variable: str) -> str:
    """Spell a variable; one that is no plain word, or the column's own, is spelled in hex."""
    name = variable.removeprefix("?")
    if _WORD.fullmatch(name) and name != "answer":
        return f"?{name}"
    return f"?__{name.encode().hex()}"


@functools.lru_cache(maxsize=4096)
def _word(name: str) -> str:
    return f"biolink:{name}" if _WORD.fullmatch(name) else f"<{word_iri(name)}>"


def _entity(curie: str) -> tuple[str, str]:
    """Return an id as it is written, with the prefix that it needs, or ""."""
    parts = prefixed(curie)
    if parts is None or parts[0] in PREFIXES:
        return f"<{iri_of(curie)}>", ""
    return f"{parts[0]}:{parts[1]}", parts[0]


_ENTITIES: Memo[str, tuple[str, str]] = Memo(_entity)
_QUERIES = Stencils(lambda query: _Text(query).write())
