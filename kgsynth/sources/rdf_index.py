"""The triples of a file, by what they say; and in which line of the file a subject stands."""

import functools
import re
from collections.abc import Iterable, Iterator

import numpy as np

from kgsynth.errors import SourceError
from kgsynth.sources.oxigraph import Term, Triple, read_triples
from kgsynth.sources.rdf_guard import guard
from kgsynth.sources.rdflib_reader import forgiving_triples
from kgsynth.sources.source_file import SourceFile

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OBO = "http://purl.obolibrary.org/obo/"
OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"

_NIL = f"{RDF}nil"
# What a record begins with: rdf:about="X", "@id": "X", or X at the head of a line.
_BEGIN = re.compile(rb'(?:rdf:(?:about|ID)\s*=\s*["\']|"@id"\s*:\s*"|^<?)([^\s"\'<>]{1,512})', re.M)
_TAIL = re.compile(rb"[^/#:;&]*\Z")


class Triples:
    """The triples of one file.

    Attributes:
        source: The file.
        count: How many triples there are.
    """

    def __init__(self, source: SourceFile) -> None:
        """Read them.

        Raises:
            SourceError: If the file cannot be read, or says nothing.
        """
        self.source = source
        self.count = 0
        self._said: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, term in _read(source):
            self.count += 1
            self._said.setdefault(predicate, {}).setdefault(subject, []).append(term)
        if not self.count:
            raise SourceError(f"{source.file}: no triples in it; expected an ontology in RDF")

    @property
    def predicates(self) -> list[str]:
        """The predicates that occur, in alphabetical order."""
        return sorted(self._said)

    def subjects(self, predicate: str, term: Term | None = None) -> Iterator[str]:
        """Yield the subjects of a predicate, or those of whom it says one thing."""
        for subject, terms in self._said.get(predicate, {}).items():
            if term is None or term in terms:
                yield subject

    def of(self, subject: str, predicate: str) -> list[Term]:
        """Return what a predicate says of a subject."""
        return self._said.get(predicate, {}).get(subject, [])

    def nodes(self, subject: str, *predicates: str) -> list[str]:
        """Return the addresses and nameless nodes that predicates lead to."""
        return [one for name in predicates for one in self.of(subject, name) if type(one) is str]

    def texts(self, subject: str, *predicates: str) -> list[tuple[str, str]]:
        """Return the literals that predicates give, as text and language, sorted; blanks not."""
        found = {
            (one[0], one[1])
            for name in predicates
            for one in self.of(subject, name)
            if type(one) is tuple and one[0].strip()
        }
        return sorted(found)

    def values(self, subject: str, *predicates: str) -> list[str]:
        """Return addresses and literals alike as texts, sorted."""
        found = {
            one if isinstance(one, str) else one[0]
            for name in predicates
            for one in self.of(subject, name)
        }
        return sorted(found)

    def items(self, node: str) -> list[str]:
        """Return the addresses and nodes of a list, up to where it ends or goes round."""
        found = []
        seen = {_NIL}
        while node not in seen:
            seen.add(node)
            found += self.nodes(node, f"{RDF}first")[:1]
            node = next(iter(self.nodes(node, f"{RDF}rest")), _NIL)
        return found

    def line(self, subject: str) -> int:
        """Return the one-based line in which the record of a subject begins; 1 where unknown."""
        tail = _TAIL.search(subject.encode())
        return self._lines.get(tail[0] if tail else b"", 1)

    @functools.cached_property
    def _lines(self) -> dict[bytes, int]:
        data = self.source.data
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
        starts: dict[bytes, int] = {}
        for match in _BEGIN.finditer(data):
            tail = _TAIL.search(match[1])
            if tail is not None:
                starts.setdefault(tail[0], match.start(1))
        lines = np.searchsorted(ends, np.fromiter(starts.values(), np.int64, len(starts))) + 1
        return dict(zip(starts, lines.tolist(), strict=True))


def _read(source: SourceFile) -> Iterable[Triple]:
    syntax = guard(source)
    try:
        return list(read_triples(source, syntax))
    except SourceError:
        found = forgiving_triples(source, syntax)
        if found is None:
            raise
        return found
