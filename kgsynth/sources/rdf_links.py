"""The links of an ontology in RDF: subclasses, restrictions, definitions, plain and cited ones.

``subClassOf`` a named class is ``subclass_of``; a restriction ``R some C`` (or ``R value C``), in
``subClassOf`` or as a part of an intersection, is a link by R to C, and so is what
``equivalentClass`` says, marked as a definition. What a restriction cannot be read as (a union, a
complement, ``only``, numbers) is ``unread_axiom``. A triple by a declared object property links two
named things; an OBAN association links its subject and its object and brings its reference.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kgsynth.sources.base import Rejections
from kgsynth.sources.links import DEFINED, SUBCLASS, Links
from kgsynth.sources.rdf_axioms import Axioms
from kgsynth.sources.rdf_index import OBO, OBO_IN_OWL, OWL, RDF, RDFS, SKOS, Triples
from kgsynth.sources.rdf_terms import TYPE

_SUBCLASS_OF = f"{RDFS}subClassOf"
_EQUIVALENT = f"{OWL}equivalentClass"
_SOME = (f"{OWL}someValuesFrom", f"{OWL}hasValue")
_OBAN = "http://purl.org/oban/"
#: Nested intersections are followed this far.
_MOST_NESTED = 32

#: A link as the file has it: the relation is `SUBCLASS` for a class, else an address.
Part = tuple[str, str]


@dataclass
class RdfLinks:
    """The links of one file.

    Attributes:
        triples: The file.
        axioms: What the file says of its links.
        rejections: Gets ``unread_axiom``.
        plain: Subclasses, restrictions, object properties and associations.
        defined: What classes are defined by.
        exact: Classes that are said to be equivalent to named ones: pairs of addresses.
    """

    triples: Triples
    axioms: Axioms
    rejections: Rejections
    plain: Links = field(default_factory=lambda: Links("links"))
    defined: Links = field(default_factory=lambda: Links("parts of definitions", prefix=DEFINED))
    exact: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        properties = {
            one
            for kind in ("ObjectProperty", "AnnotationProperty", "DatatypeProperty")
            for one in self.triples.subjects(TYPE, f"{OWL}{kind}")
        }
        for subject in _named(self.triples.subjects(_SUBCLASS_OF)):
            if subject not in properties:
                for target in self.triples.nodes(subject, _SUBCLASS_OF):
                    self._add(self.plain, subject, target)
        for subject in _named(self.triples.subjects(_EQUIVALENT)):
            for target in self.triples.nodes(subject, _EQUIVALENT):
                if target.startswith("_:"):
                    self._add(self.defined, subject, target)
                else:
                    self.exact.append((subject, target))
        self._properties()
        self._associations()
        self._nameless()
        for links in (self.plain, self.defined):
            _sort(links)
        self.exact.sort()

    def labels(self) -> dict[str, str]:
        """Return the label of each relation that has one."""
        found = {}
        for one in self.triples.subjects(TYPE, f"{OWL}ObjectProperty"):
            texts = self.triples.texts(one, f"{RDFS}label")
            if texts:
                found[one] = texts[0][0]
        return found

    def private(self) -> frozenset[str]:
        """Return the relations that are declared here and belong to no public ontology."""
        declared = self.triples.subjects(TYPE, f"{OWL}ObjectProperty")
        public = (OBO, OBO_IN_OWL, OWL, RDF, RDFS, SKOS, _OBAN)
        return frozenset(one for one in _named(declared) if not one.startswith(public))

    def wider(self) -> dict[str, list[str]]:
        """Return the wider relations of each relation."""
        up = f"{RDFS}subPropertyOf"
        return {one: self.triples.nodes(one, up) for one in self.triples.subjects(up)}

    def _add(self, links: Links, subject: str, target: str) -> None:
        parts = list(self._parts(target, 0))
        for relation, filler in parts:
            if relation:
                links.add(subject, relation, filler, self.triples.line(subject))
            else:
                self._reject(links, subject, filler)

    def _reject(self, links: Links, subject: str, what: str) -> None:
        links.rejected += 1
        place = f"{self.triples.source.file}:{self.triples.line(subject)}"
        self.rejections.add(place, "unread_axiom", f"{subject}: {what} is no link")

    def _parts(self, target: str, depth: int) -> Iterator[Part]:
        """Yield what a class expression links to; an empty relation where it cannot be read."""
        if not target.startswith("_:"):
            yield SUBCLASS, target
            return
        triples = self.triples
        whole = triples.nodes(target, f"{OWL}intersectionOf")
        if whole and depth < _MOST_NESTED:
            for item in triples.items(whole[0]):
                yield from self._parts(item, depth + 1)
            return
        relation = _named(triples.nodes(target, f"{OWL}onProperty"))
        fillers = triples.nodes(target, *_SOME)
        if not relation or not fillers:
            yield "", self._kind(target)
            return
        for filler in fillers:
            if filler.startswith("_:"):
                yield "", "a restriction on a nameless class"
            else:
                yield relation[0], filler

    def _kind(self, target: str) -> str:
        """Return what a nameless class is, for people."""
        for name in ("unionOf", "complementOf", "allValuesFrom", "oneOf", "onProperty"):
            if self.triples.of(target, f"{OWL}{name}"):
                return f"a class by {name}"
        return "a nameless class"

    def _properties(self) -> None:
        """Take the triples by declared object properties; those of associations come later."""
        for relation in sorted(self.triples.subjects(TYPE, f"{OWL}ObjectProperty")):
            if relation.startswith((_OBAN, OWL, RDF, RDFS)):
                continue
            for subject in _named(self.triples.subjects(relation)):
                if self._is_association(subject):
                    continue
                for target in _named(self.triples.nodes(subject, relation)):
                    self.plain.add(subject, relation, target, self.triples.line(subject))

    def _nameless(self) -> None:
        """Account for what is said of nameless classes, which no entity can hold."""
        for predicate in (_SUBCLASS_OF, _EQUIVALENT):
            for subject in self.triples.subjects(predicate):
                for _ in self.triples.of(subject, predicate) if subject.startswith("_:") else ():
                    self._reject(self.plain, "a nameless class", "what it is under")

    def _is_association(self, subject: str) -> bool:
        return bool(self.triples.of(subject, f"{_OBAN}association_has_subject"))

    def _associations(self) -> None:
        for node in sorted(self.triples.subjects(f"{_OBAN}association_has_subject")):
            ends = [
                _named(self.triples.nodes(node, f"{_OBAN}association_has_{end}"))
                for end in ("subject", "predicate", "object")
            ]
            if not all(ends):
                self._reject(self.plain, node, "an association without subject or object")
                continue
            subject, relation, target = (found[0] for found in ends)
            self.plain.add(subject, relation, target, self.triples.line(node))
            self.axioms.cite(node, subject, relation, target)


def _named(addresses: object) -> list[str]:
    """Return the addresses among addresses and nameless nodes, sorted."""
    return sorted(one for one in addresses if not one.startswith("_:"))  # type: ignore[attr-defined]


def _sort(links: Links) -> None:
    """Put links in the order of what they say, the same whatever the syntax of the file."""
    order = sorted(
        range(len(links)),
        key=lambda at: (links.subjects[at], links.relations[at], links.objects[at]),
    )
    for name in ("subjects", "relations", "objects", "lines", "modifiers"):
        column = getattr(links, name)
        setattr(links, name, [column[at] for at in order])
