"""What an ontology in RDF says of its own statements: where they are from, who would use a name.

An ``owl:Axiom`` names a statement by source, property and target, and adds to it. Of a link it
gives the references; of a synonym its type (``layperson``). References of names and definitions
have no place in the graph: their axioms count as merged into what they are about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import own_curie
from kgsynth.sources.base import Rejections, Tally
from kgsynth.sources.links import DEFINED, SUBCLASS
from kgsynth.sources.rdf_index import OBO_IN_OWL, OWL, RDFS, Triples
from kgsynth.sources.rdf_terms import EXACT, TYPE
from kgsynth.sources.relations import Relations

#: Properties that say where a statement is from.
CITED = (
    f"{OBO_IN_OWL}hasDbXref",
    f"{OBO_IN_OWL}source",
    "http://purl.org/dc/elements/1.1/source",
    "http://purl.org/dc/terms/source",
)
_LAY = "layperson"
_SUBCLASS_OF = f"{RDFS}subClassOf"


@dataclass
class Axioms:
    """The annotations on statements of one file.

    Attributes:
        triples: The file.
        rejections: Gets ``bad_axiom``.
        lay: Names that a patient would use, as (address, text).
        cited: References of links: (subject, relation, target) as the file spells them.
    """

    triples: Triples
    rejections: Rejections
    lay: set[tuple[str, str]] = field(default_factory=set)
    cited: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)
    tally: Tally = field(default_factory=lambda: Tally("axiom annotations", 0, 0))

    def __post_init__(self) -> None:
        read = used = lost = 0
        for node in sorted(self.triples.subjects(TYPE, f"{OWL}Axiom")):
            read += 1
            outcome = self._take(node)
            used += outcome is True
            lost += outcome is None
        self.tally = Tally("axiom annotations", read, used, read - used - lost, lost)

    def _take(self, node: str) -> bool | None:
        """Note what one axiom adds: True; False where nothing is kept, None where it is none."""
        triples = self.triples
        sources = triples.nodes(node, f"{OWL}annotatedSource")
        properties = triples.nodes(node, f"{OWL}annotatedProperty")
        targets = triples.of(node, f"{OWL}annotatedTarget")
        if not sources or not properties or not targets:
            place = f"{triples.source.file}:{triples.line((sources or [node])[0])}"
            self.rejections.add(place, "bad_axiom", "an axiom without source, property or target")
            return None
        target = targets[0]
        if isinstance(target, tuple):
            kinds = triples.values(node, f"{OBO_IN_OWL}hasSynonymType")
            if properties[0] in EXACT and any(one.endswith(_LAY) for one in kinds):
                self.lay.add((sources[0], target[0]))
                return True
            return False
        links = [(properties[0], target)]
        if properties[0] == _SUBCLASS_OF:
            links = self._restricted(target)
        cited = [self.cite(node, sources[0], relation, end) for relation, end in links]
        return any(cited)

    def _restricted(self, target: str) -> list[tuple[str, str]]:
        """Return the relation and the class that a superclass stands for."""
        if not target.startswith("_:"):
            return [(SUBCLASS, target)]
        fillers = self.triples.nodes(target, f"{OWL}someValuesFrom", f"{OWL}hasValue")
        return [
            (relation, filler)
            for relation in self.triples.nodes(target, f"{OWL}onProperty")
            for filler in fillers
        ]

    def cite(self, node: str, subject: str, relation: str, target: str) -> bool:
        """Note the references that a node gives for a link; return whether there are any."""
        found = {_reference(text) for text in self.triples.values(node, *CITED)}
        if found:
            self.cited.setdefault((subject, relation, target), set()).update(found)
        return bool(found)

    def with_references(self, statements: pa.Table, relations: Relations) -> pa.Table:
        """Return statements with their references, one row for each reference of a statement."""
        known = self._by_statement(relations)
        if not known or not len(statements):
            return statements
        rows: list[int] = []
        references: list[str | None] = []
        columns = (statements[name].to_pylist() for name in ("subject", "predicate", "object"))
        codes = statements["code"].to_pylist()
        for at, (subject, name, target) in enumerate(zip(*columns, strict=True)):
            code = (codes[at] or "").removeprefix(DEFINED).removeprefix(": ")
            key = (*sorted((subject, target)), code or name)
            found: list[str | None] = [*sorted(known.get(key, ()))]
            rows += [at] * max(1, len(found))
            references += found or [None]
        taken = statements.take(pa.array(rows, pa.int64()))
        place = statements.schema.get_field_index("reference")
        return taken.set_column(
            place, statements.schema.field(place), pa.array(references, pa.string())
        )

    def _by_statement(self, relations: Relations) -> Mapping[tuple[str, ...], set[str]]:
        """Return the references by the two ends, sorted as a relation may be turned, and code."""
        found: dict[tuple[str, ...], set[str]] = {}
        for (subject, relation, target), references in self.cited.items():
            try:
                ends = sorted((own_curie(subject), own_curie(target)))
            except IdentifierError:
                continue
            code = SUBCLASS if relation == SUBCLASS else relations.of(relation).code
            found.setdefault((*ends, code), set()).update(references)
        return found


def _reference(text: str) -> str:
    """Return a reference, spelled the house way where it is an identifier."""
    try:
        return own_curie(text)
    except IdentifierError:
        return text.strip()
