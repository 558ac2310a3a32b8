"""The terms of an ontology in RDF: which classes there are, their names, what replaces them.

A name in another language is a name all the same, but none that a text in English may use: it
stands with the related ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import own_curie
from kgsynth.sources.base import ENTITIES, Rejections, Tally, table
from kgsynth.sources.plain import without_markup
from kgsynth.sources.rdf_index import OBO, OBO_IN_OWL, OWL, RDF, RDFS, SKOS, Triples

TYPE = f"{RDF}type"
LABELS = (f"{RDFS}label", f"{SKOS}prefLabel")
EXACT = (f"{OBO_IN_OWL}hasExactSynonym", f"{SKOS}altLabel")
OTHER = tuple(f"{OBO_IN_OWL}has{scope}Synonym" for scope in ("Broad", "Narrow", "Related"))
DEFINITIONS = (f"{OBO}IAO_0000115", f"{SKOS}definition")
REPLACED_BY = (f"{OBO}IAO_0100001", "http://purl.org/dc/terms/isReplacedBy")
_TERMS = (f"{OWL}Class", f"{RDFS}Class", f"{OWL}NamedIndividual", f"{SKOS}Concept")
_DEPRECATED = (f"{OWL}DeprecatedClass",)
_BUILT_IN = (RDF, RDFS, OWL, "http://www.w3.org/2001/XMLSchema#")


@dataclass
class Term:
    """One class that is in use.

    Attributes:
        curie: Spelled the house way.
        address: As the file has it.
        name: Its label; None where it has none.
        synonyms: Exact ones in English.
        lay: Those of them that a patient would use.
        related: All other names.
        alt_ids: Other ids of the same class.
        definition: In plain text.
    """

    curie: str
    address: str
    name: str | None = None
    synonyms: list[str] = field(default_factory=list)
    lay: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    alt_ids: list[str] = field(default_factory=list)
    definition: str | None = None

    @property
    def is_described(self) -> bool:
        """Whether the file says anything of it but that it is there."""
        return bool(self.name or self.synonyms or self.related or self.definition or self.alt_ids)


class Terms:
    """The classes of a file.

    Attributes:
        triples: The file.
        living: Classes in use and described, by id.
        mentioned: Id and address of classes that are only named, as imports are; no entities.
        lay: Names that the file's axioms mark as a patient's: (address, text).
    """

    def __init__(
        self, triples: Triples, lay: frozenset[tuple[str, str]], rejections: Rejections
    ) -> None:
        self.triples = triples
        self.rejections = rejections
        self.lay = lay
        self.lost = self.merged = 0
        self.mentioned: list[tuple[str, str]] = []
        self.replaced: dict[str, tuple[str, ...]] = {}
        found: dict[str, Term] = {}
        addresses = self._addresses()
        self.read = len(addresses)
        for address in addresses:
            self._take(address, found)
        self.living = [found[curie] for curie in sorted(found)]

    def _addresses(self) -> list[str]:
        """Return the addresses of classes, and of whatever else has a name and no type."""
        triples = self.triples
        typed = {one for kind in _TERMS for one in triples.subjects(TYPE, kind)}
        typed |= {one for kind in _DEPRECATED for one in triples.subjects(TYPE, kind)}
        named = {one for name in LABELS for one in triples.subjects(name)}
        typed |= {one for one in named if not triples.of(one, TYPE)}
        return sorted(
            one for one in typed if not one.startswith("_:") and not one.startswith(_BUILT_IN)
        )

    def _take(self, address: str, found: dict[str, Term]) -> None:
        try:
            curie = own_curie(address)
        except IdentifierError:
            self._lose(address, "bad_identifier", f"not an identifier: {address[:80]!r}")
            return
        if self._is_deprecated(address):
            self._replace(curie, address)
            return
        term = self._term(curie, address)
        if curie in found:
            self.merged += 1
        elif term.is_described:
            found[curie] = term
        else:
            self.merged += 1
            self.mentioned.append((curie, address))

    def _is_deprecated(self, address: str) -> bool:
        marks = self.triples.values(address, f"{OWL}deprecated")
        kinds = self.triples.nodes(address, TYPE)
        return any(text.strip().lower() in ("true", "1") for text in marks) or any(
            kind in kinds for kind in _DEPRECATED
        )

    def _replace(self, curie: str, address: str) -> None:
        named = {
            one for text in self.triples.values(address, *REPLACED_BY) for one in _spelled(text)
        }
        self.replaced[curie] = tuple(sorted(named))
        if len(named) == 1:
            self.merged += 1
            return
        fate = f"has {len(named)} replacements" if named else "nothing replaces it"
        self._lose(
            address,
            "obsolete_term",
            f"{curie} is obsolete and {fate}; statements on it are rejected",
        )

    def _term(self, curie: str, address: str) -> Term:
        triples = self.triples
        english, foreign = _by_language(triples.texts(address, *LABELS))
        exact, foreign_exact = _by_language(triples.texts(address, *EXACT))
        others = [text for text, _ in triples.texts(address, *OTHER)]
        definitions, _ = _by_language(triples.texts(address, *DEFINITIONS))
        synonyms = _unique([*english[1:], *exact], but=english[:1])
        alternatives = {
            one
            for text in triples.values(address, f"{OBO_IN_OWL}hasAlternativeId")
            for one in _spelled(text)
        }
        return Term(
            curie,
            address,
            english[0] if english else None,
            synonyms,
            [text for text in synonyms if (address, text) in self.lay],
            _unique([*others, *foreign, *foreign_exact], but=[*english[:1], *synonyms]),
            sorted(alternatives - {curie}),
            without_markup(definitions[0]) if definitions else None,
        )

    def _lose(self, address: str, code: str, detail: str) -> None:
        self.lost += 1
        place = f"{self.triples.source.file}:{self.triples.line(address)}"
        self.rejections.add(place, code, detail)

    def addresses(self) -> list[tuple[str, str]]:
        """Return id and address of each class in use, those that are only named included."""
        return [(one.curie, one.address) for one in self.living] + self.mentioned

    def tally(self) -> Tally:
        """Return what became of the classes; those that are only mentioned count as merged."""
        return Tally("classes", self.read, len(self.living), self.merged, self.lost)

    def entities(self, ids: pa.Array, kinds: pa.Array) -> pa.Table:
        """Return the entity table; see `base.ENTITIES`."""
        columns: dict[str, object] = {
            "id": ids,
            "name": pa.array([one.name for one in self.living], pa.string()),
            "category": kinds,
            "synonyms": [one.synonyms for one in self.living],
            "lay": [one.lay for one in self.living],
            "related_synonyms": [one.related for one in self.living],
            "alt_ids": [one.alt_ids for one in self.living],
            "definition": pa.array([one.definition for one in self.living], pa.string()),
        }
        return table(ENTITIES, columns, len(self.living))

    def namespaces(self) -> dict[str, str]:
        """Return the name space of each term that states one."""
        found = {}
        for one in self.living:
            spaces = self.triples.values(one.address, f"{OBO_IN_OWL}hasOBONamespace")
            if spaces:
                found[one.curie] = spaces[0]
        return found


def _by_language(texts: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Return the English texts, those without a language first, and the others."""
    plain = [text for text, language in texts if not language]
    english = [text for text, language in texts if language.lower().startswith("en")]
    foreign = [t for t, language in texts if language and not language.lower().startswith("en")]
    return _unique([*plain, *english], but=[]), foreign


def _unique(texts: list[str], but: list[str]) -> list[str]:
    plain = (text.replace("\u00a0", " ") for text in texts)
    return [text for text in dict.fromkeys(plain) if text not in but]


def _spelled(text: str) -> Iterator[str]:
    try:
        yield own_curie(text)
    except IdentifierError:
        return
