"""The one door to rdflib: files that Oxigraph is too strict for.

rdflib is slow and forgiving: it reads entities in single quotes and addresses with odd signs, which
older ontologies have. It sees only what `rdf_guard` let through, and nothing large.
"""

import logging
from collections.abc import Iterator

from kgsynth.sources.oxigraph import BASE, Term, Triple
from kgsynth.sources.source_file import SourceFile

#: Largest file that is tried, in bytes: some twenty seconds.
MOST_BYTES = 32 << 20
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_FORMATS = {"RDF/XML": "xml", "Turtle": "turtle"}


def forgiving_triples(source: SourceFile, syntax: str) -> list[Triple] | None:
    """Return the triples of a file, or None where rdflib cannot read it either."""
    if syntax not in _FORMATS or len(source.data) > MOST_BYTES:
        return None
    import rdflib

    logging.getLogger("rdflib").setLevel(logging.ERROR)  # it logs each odd address
    graph = rdflib.Graph()
    try:
        graph.parse(data=source.data, format=_FORMATS[syntax], publicID=BASE)
    except Exception:  # noqa: BLE001  its parsers raise whatever came up; Oxigraph said what is wrong
        return None
    return list(_plain(graph))


def _plain(graph: object) -> Iterator[Triple]:
    from rdflib import BNode, Graph, Literal

    def term(one: object) -> Term:
        if isinstance(one, Literal):
            language = one.language or ""
            kind = _LANGUAGE if language else str(one.datatype or _STRING)
            return str(one), language, kind
        return f"_:{one}" if isinstance(one, BNode) else str(one)

    if isinstance(graph, Graph):
        for subject, predicate, thing in graph:
            yield str(term(subject)), str(predicate), term(thing)
