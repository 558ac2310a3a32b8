"""The graph as RDF: Turtle for people, N-Triples for machines, both streamed.

A positive statement stands twice: as a plain triple, which is what a pattern matches, and as a
statement node (``biolink:Association``, with RDF's own ``rdf:subject``, ``rdf:predicate`` and
``rdf:object``) that holds its id, qualifiers and evidence. A denial has its statement node alone,
with ``biolink:negated true``, so that no plain pattern takes it for a finding::

    ORPHA:324 a biolink:Disease ; dcterms:identifier "ORPHA:324" ; rdfs:label "Fabry disease" .
    ORPHA:324 biolink:has_phenotype HP:0001297 .
    edge:e1f0 a biolink:Association, rdf:Statement ; rdf:subject ORPHA:324 ; kgs:contested false ;
        biolink:has_evidence [ kgs:source "hpoa" ; kgs:reference "PMID:31675180" ] .

Columns that RDF has a common word for use it; every other column is ``kgs:`` and its name, so
that nothing is lost when a graph has more of them. Empty texts and nulls are left out; the order
within a list of synonyms is not kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.rdf_text import Spelling, literals, mapped
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.iris import BIOLINK, HOUSE, OBO

#: Namespaces of the files, besides those of the identifiers.
NAMESPACES = {
    "biolink": BIOLINK,
    "dcterms": "http://purl.org/dc/terms/",
    "edge": f"{HOUSE}edge:",
    "kgs": HOUSE,
    "obo": OBO,
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
#: Columns of nodes and edges that have a common word; all others are ``kgs:`` and their name.
WORDS = {
    "id": "dcterms:identifier",
    "name": "rdfs:label",
    "synonyms": "oboInOwl:hasExactSynonym",
    "related_synonyms": "oboInOwl:hasRelatedSynonym",
    "alt_ids": "oboInOwl:hasAlternativeId",
    "definition": "obo:IAO_0000115",
    "equivalent_ids": "skos:exactMatch",
    "subject": "rdf:subject",
    "predicate": "rdf:predicate",
    "object": "rdf:object",
    "negated": "biolink:negated",
    "evidence": "biolink:has_evidence",
}
#: Columns whose values are entities, so that they are spelled as addresses.
_ENTITIES = frozenset({"equivalent_ids", "subject", "object"})
_ROWS = 1 << 14

#: Called with the number of nodes and statements that are written.
Progress = Callable[[int], None]


def write_turtle(
    graph: KnowledgeGraph, file: IO[bytes], on_progress: Progress = lambda done: None
) -> None:
    """Write the graph as Turtle 1.1; memory is that of a few thousand rows.

    Args:
        graph: What to write.
        file: Open for bytes.
        on_progress: Called now and then.
    """
    spelling = Spelling(NAMESPACES, _prefixes(graph))
    file.write(spelling.head().encode())
    _write(graph, file, spelling, on_progress)


def write_ntriples(
    graph: KnowledgeGraph, file: IO[bytes], on_progress: Progress = lambda done: None
) -> None:
    """Write the graph as N-Triples, one triple a line; see `write_turtle`."""
    _write(graph, file, Spelling(NAMESPACES, None), on_progress)


def node_lines(nodes: pa.Table, spelling: Spelling) -> pa.Array:
    """Return what is said of each node, one text a node.

    Args:
        nodes: Rows of the node table; ``id`` and ``category`` are there.
        spelling: How terms are written.
    """
    block = _Block(spelling.entities(nodes["id"]), spelling)
    block.add("a", spelling.words(nodes["category"]))
    return block.close(nodes, but=("category",))


def triple_lines(edges: pa.Table, spelling: Spelling) -> pa.Array:
    """Return the plain triple of each row of the edge table, which holds no denials."""
    ends = [spelling.entities(edges[end]) for end in ("subject", "object")]
    relation = spelling.words(edges["predicate"])
    return pc.binary_join_element_wise(ends[0], relation, ends[1], ".\n", " ")


def statement_lines(edges: pa.Table, spelling: Spelling, first: int = 0) -> pa.Array:
    """Return the statement node of each edge, one text an edge.

    Args:
        edges: Rows of the edge table.
        spelling: How terms are written.
        first: Number of the first evidence, which names it in N-Triples.
    """
    block = _Block(spelling.own("edge", edges["id"]), spelling)
    for kind in ("biolink:Association", "rdf:Statement"):
        block.add("a", pa.array([spelling.name(kind)] * len(edges), pa.string()))
    block.add("rdf:predicate", spelling.words(edges["predicate"]))
    return block.close(edges, but=("predicate",), first=first)


def _write(
    graph: KnowledgeGraph, file: IO[bytes], spelling: Spelling, on_progress: Progress
) -> None:
    nodes, edges = graph.nodes(), graph.edges()
    done = evidences = 0
    for rows in _parts(nodes):
        put(file, node_lines(rows, spelling))
        done += len(rows)
        on_progress(done)
    for rows in _parts(edges):
        put(file, triple_lines(rows.filter(pc.invert(rows["negated"])), spelling))
        put(file, statement_lines(rows, spelling, evidences))
        evidences += int(pc.sum(pc.list_value_length(rows["evidence"])).as_py() or 0)
        done += len(rows)
        on_progress(done)


def _parts(table: pa.Table) -> Iterator[pa.Table]:
    for at in range(0, len(table), _ROWS):
        yield table.slice(at, _ROWS).combine_chunks()


def put(file: IO[bytes], texts: pa.Array) -> None:
    """Write texts behind each other, without a Python object for each."""
    whole = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), "")
    file.write(whole[0].as_buffer())


def _prefixes(graph: KnowledgeGraph) -> frozenset[str]:
    """Return the prefixes of all ids of entities; they are declared at the head of a file."""
    ids = [graph.column("id"), pc.list_flatten(graph.column("equivalent_ids"))]
    found = set[str]()
    for column in ids:
        heads = pc.struct_field(pc.extract_regex(column, "^(?P<prefix>[^:]*):"), "prefix")
        found.update(heads.unique().drop_null().to_pylist())
    return frozenset(found)


@dataclass
class _Block:
    """What is said of each of some subjects, put together column by column.

    Attributes:
        subjects: Spelled.
        spelling: How terms are written.
    """

    subjects: pa.Array
    spelling: Spelling

    def __post_init__(self) -> None:
        self.parts: list[pa.Array] = [self.subjects] if self.spelling.turtle else []

    def add(self, word: str, objects: pa.Array) -> None:
        """Say one thing of each subject; nothing where the object is null."""
        self.parts.append(self.spelling.said(self.subjects, word, objects, len(self.parts) == 1))

    def add_lists(self, word: str, objects: pa.ListArray) -> None:
        """Say several things of each subject."""
        owners = pc.list_parent_indices(objects)
        said = self.spelling.said(self.subjects.take(owners), word, pc.list_flatten(objects))
        self.parts.append(_joined(said, objects))

    def close(self, table: pa.Table, but: tuple[str, ...], first: int = 0) -> pa.Array:
        """Say what the other columns of a table say, and return the finished texts."""
        for name in table.column_names:
            if name in but:
                continue
            column = table[name].combine_chunks()
            column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
            word = WORDS.get(name, f"kgs:{name}")
            if not pa.types.is_list(column.type):
                self.add(word, self._terms(name, column))
            elif pa.types.is_struct(column.type.value_type):
                self._add_parts(word, column, first)
            else:
                self.add_lists(word, _relisted(self._terms(name, pc.list_flatten(column)), column))
        if self.spelling.turtle:
            self.parts.append(pa.array([" .\n"] * len(self.subjects), pa.string()))
        return pc.binary_join_element_wise(*self.parts, "")

    def _terms(self, name: str, column: pa.Array) -> pa.Array:
        return self.spelling.entities(column) if name in _ENTITIES else self._literals(column)

    def _literals(self, column: pa.Array) -> pa.Array:
        return literals(column, self.spelling)

    def _add_parts(self, word: str, column: pa.ListArray, first: int) -> None:
        """Say things that are nodes of their own without a name: evidence."""
        items = pc.list_flatten(column)
        size = len(items)
        nodes = mapped(pa.array(np.arange(first, first + size)).cast(pa.string()), "_:v{}".format)
        inner = _Block(nodes, self.spelling)
        if self.spelling.turtle:
            inner.parts = [pa.array(["["] * size, pa.string())]
        for field in column.type.value_type:
            values = self._literals(pc.struct_field(items, field.name))
            inner.add(WORDS.get(field.name, f"kgs:{field.name}"), values)
        if self.spelling.turtle:
            inner.parts.append(pa.array([" ]"] * size, pa.string()))
            self.add_lists(word, _relisted(pc.binary_join_element_wise(*inner.parts, ""), column))
            return
        self.add_lists(word, _relisted(nodes, column))
        self.parts.append(_joined(pc.binary_join_element_wise(*inner.parts, ""), column))


def _relisted(items: pa.Array, like: pa.ListArray) -> pa.ListArray:
    """Return lists of `items` cut as another list column is."""
    offsets = np.concatenate(([0], np.cumsum(pc.list_value_length(like).fill_null(0))))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items)


def _joined(items: pa.Array, like: pa.ListArray) -> pa.Array:
    return pc.binary_join(_relisted(items, like), "")
