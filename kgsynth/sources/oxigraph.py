"""The one door to Oxigraph: files of RDF into triples, and a store that answers SPARQL.

Oxigraph is written in Rust and reads RDF/XML some thirty times faster than rdflib. What it must
never do to a user is caught here or before: a panic becomes a `SourceError`; what would exhaust its
stack or its patience is refused by `kgsynth.sources.rdf_guard` first.
"""

from collections.abc import Iterator

import pyoxigraph

from kgsynth.errors import DatabaseError, SourceError
from kgsynth.sources.source_file import SourceFile

#: Names of the formats that it reads here.
FORMATS = {
    "RDF/XML": pyoxigraph.RdfFormat.RDF_XML,
    "Turtle": pyoxigraph.RdfFormat.TURTLE,
    "N-Triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "JSON-LD": pyoxigraph.RdfFormat.JSON_LD,
}
#: What relative addresses are relative to where the file does not say.
BASE = "urn:kgsynth:file:"


#: A literal: its text, its language ("" for none) and its datatype.
Text = tuple[str, str, str]
#: An address as a string, a nameless node as ``_:`` and a label, or a literal.
Term = str | Text
Triple = tuple[str, str, Term]


def read_triples(source: SourceFile, syntax: str) -> Iterator[Triple]:
    """Yield the triples of a file in its order.

    Args:
        source: A file that `rdf_guard` let through.
        syntax: One of `FORMATS`.

    Raises:
        SourceError: With the line where Oxigraph tells it.
    """
    node, blank, literal = pyoxigraph.NamedNode, pyoxigraph.BlankNode, pyoxigraph.Literal
    try:
        for quad in pyoxigraph.parse(source.data, format=FORMATS[syntax], base_iri=BASE):
            subject, thing = quad.subject, quad.object
            kind = type(thing)
            term: Term
            if kind is node:
                term = thing.value
            elif kind is literal:
                term = (thing.value, thing.language or "", thing.datatype.value)
            elif kind is blank:
                term = f"_:{thing.value}"
            else:
                raise SourceError(f"{source.file}: statements about statements are not read")
            name = subject.value if type(subject) is node else f"_:{subject.value}"
            yield name, quad.predicate.value, term
    except (SyntaxError, ValueError, OSError, RuntimeError, MemoryError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(_message(source, syntax, error)) from None
    except BaseException as error:  # what Rust calls a panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise SourceError(f"{source.file}: no readable {syntax} ({_first_line(error)})") from None


def _message(source: SourceFile, syntax: str, error: Exception) -> str:
    line = getattr(error, "lineno", None)
    place = f"{source.file}:{line}" if line else f"{source.file}"
    detail = _first_line(error).removesuffix(f" (line {line})")
    if detail.startswith("Parser error at line ") and ": " in detail:
        detail = detail.partition(": ")[2]
    detail = detail[:200].rstrip(".")
    return f"{place}: no {syntax} ({detail[:1].lower() + detail[1:]})"


def _first_line(error: BaseException) -> str:
    return " ".join(str(error).split())


class TripleStore:
    """Triples in memory that answer SPARQL."""

    def __init__(self) -> None:
        self._store = pyoxigraph.Store()

    def __len__(self) -> int:
        return len(self._store)

    def load(self, ntriples: bytes) -> None:
        """Add triples, given as N-Triples."""
        self._store.bulk_load(ntriples, format=pyoxigraph.RdfFormat.N_TRIPLES)

    def select(self, sparql: str) -> tuple[list[str], Iterator[list[str | None]]]:
        """Run a query that selects.

        Args:
            sparql: Nothing in it is fetched or changed, see `graph.rdf_replay`.

        Returns:
            columns: Their names.
            rows: A value for each column: the text of an address or a literal, None for none.

        Raises:
            DatabaseError: If it is no query, or none that selects.
        """
        try:
            found = self._store.query(sparql)
        except (SyntaxError, ValueError, OSError) as error:
            raise DatabaseError(_first_line(error)) from None
        if not isinstance(found, pyoxigraph.QuerySolutions):
            raise DatabaseError("the query selects nothing; expected SELECT")
        names = [variable.value for variable in found.variables]
        return names, ([_value(row[name]) for name in names] for row in found)


def _value(term: object) -> str | None:
    return None if term is None else str(getattr(term, "value", term))
