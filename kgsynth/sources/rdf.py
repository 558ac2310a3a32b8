"""Ontologies in OWL or SKOS, written as RDF/XML, Turtle, N-Triples or JSON-LD.

The four syntaxes say the same and become the same. Oxigraph reads them (`oxigraph`), rdflib what
Oxigraph is too strict for (`rdflib_reader`), both behind a guard (`rdf_guard`). What differs
between ontologies stands in their manifests, as for OBO files (see `obo`), and besides

    tags = ["http://purl.obolibrary.org/obo/mondo#should_conform_to", …]
        properties whose values count as subsets too, by the last part of the address

Lines are those in which the record of a class begins.

Source: OWL 2 Mapping to RDF Graphs, https://www.w3.org/TR/owl2-mapping-to-rdf/
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.sources.base import (
    FLAGS,
    MAPPINGS,
    SIGNALS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
)
from kgsynth.sources.categories import categories
from kgsynth.sources.links import SUBCLASS, LinkReader, joined
from kgsynth.sources.mappings import EXACT, MATCHES, Mappings
from kgsynth.sources.rdf_axioms import Axioms
from kgsynth.sources.rdf_index import OBO_IN_OWL, OWL, SKOS, Triples
from kgsynth.sources.rdf_links import RdfLinks
from kgsynth.sources.rdf_terms import TYPE, Terms
from kgsynth.sources.relations import Relations
from kgsynth.sources.subsets import subset_marks

_XREF = f"{OBO_IN_OWL}hasDbXref"
_SUBSET = f"{OBO_IN_OWL}inSubset"


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one ontology; see `base.Loader`.

    Raises:
        SourceError: If the file cannot be read as RDF, in one line.
    """
    source, settings = files[0], manifest.settings
    rejections = Rejections()
    triples = Triples(source)
    axioms = Axioms(triples, rejections)
    terms = Terms(triples, frozenset(axioms.lay), rejections)
    links = RdfLinks(triples, axioms, rejections)
    statements, parents, link_tallies = _statements(source, links, axioms, settings, rejections)
    mapped, mapping_tallies = _mappings(terms, links, settings, rejections)
    flags, signals, mark_tallies = _marks(terms, settings, rejections)
    ids = pa.array([one.curie for one in terms.living], pa.string())
    kinds = categories(ids, parents, terms.namespaces(), settings)
    return SourceData(
        version=_version(triples) or manifest.version,
        files=files,
        entities=terms.entities(ids, kinds),
        statements=statements,
        mappings=mapped,
        flags=flags,
        signals=signals,
        replaced=terms.replaced,
        rejections=rejections,
        tallies=(terms.tally(), *link_tallies, axioms.tally, *mapping_tallies, *mark_tallies),
    )


def _version(triples: Triples) -> str:
    """Return the date in the version of the ontology, or its version as it stands."""
    for subject in sorted(triples.subjects(TYPE, f"{OWL}Ontology")):
        stated = triples.values(subject, f"{OWL}versionInfo", f"{OWL}versionIRI")
        parts = [part for text in stated for part in text.split("/")]
        dated = [part for part in parts if part[:4].isdigit() and part[4:5] == "-"]
        if dated or stated:
            return dated[0] if dated else stated[0].rpartition("/")[2]
    return ""


def _statements(
    source: SourceFile,
    links: RdfLinks,
    axioms: Axioms,
    settings: Mapping[str, object],
    rejections: Rejections,
) -> tuple[pa.Table, tuple[list[str], list[str]], list[Tally]]:
    own: Mapping[str, str] = settings.get("predicates", {})  # type: ignore[assignment]
    relations = Relations(own, links.labels(), links.wider(), links.private())
    reader = LinkReader(source.file, relations, rejections)
    plain, plain_tally = reader.read(links.plain)
    defined, defined_tally = reader.read(links.defined)
    part = plain.filter(pc.equal(plain["predicate"], SUBCLASS))
    parents = (part["subject"].to_pylist(), part["object"].to_pylist())
    found = axioms.with_references(joined([plain, defined]), relations)
    return found, parents, [plain_tally, defined_tally]


def _mappings(
    terms: Terms, links: RdfLinks, settings: Mapping[str, object], rejections: Rejections
) -> tuple[pa.Table, list[Tally]]:
    """Return matches and equivalent classes first, plain cross-references last."""
    if "xrefs" not in settings:
        return MAPPINGS.empty_table(), []
    triples = terms.triples
    found = Mappings(triples.source.file, settings["xrefs"], rejections)  # type: ignore[arg-type]
    matches: list[tuple[str, str, str | None, int]] = []
    xrefs: list[tuple[str, str, str | None, int]] = []
    curies = {one.address: one.curie for one in terms.living}
    for one in terms.living:
        line = triples.line(one.address)
        for name, kind in MATCHES.items():
            texts = triples.values(one.address, f"{SKOS}{name}")
            matches += [(one.curie, text, kind, line) for text in texts]
        xrefs += [(one.curie, text, None, line) for text in triples.values(one.address, _XREF)]
    for address, other in links.exact:
        if address in curies:
            matches.append((curies[address], other, EXACT, triples.line(address)))
    for unit, rows, why in (("matches", matches, None), ("xrefs", xrefs, "oboInOwl:hasDbXref")):
        if rows:
            subjects, objects, kinds, lines = (list(part) for part in zip(*rows, strict=True))
            found.add(unit, subjects, objects, kinds, lines, why)
    return found.table(), found.tallies


def _marks(
    terms: Terms, settings: Mapping[str, object], rejections: Rejections
) -> tuple[pa.Table, pa.Table, list[Tally]]:
    if "subsets" not in settings:
        return FLAGS.empty_table(), SIGNALS.empty_table(), []
    triples = terms.triples
    tags: list[str] = settings.get("tags", [])  # type: ignore[assignment]
    marks = []
    for curie, address in sorted(terms.addresses()):
        for text in triples.values(address, _SUBSET, *tags):
            name = text.rpartition("#")[2].rpartition("/")[2]
            marks.append((curie, name, triples.line(address)))
    own: Mapping[str, object] = settings["subsets"]  # type: ignore[assignment]
    made = subset_marks(marks, triples.source.file, own, rejections)
    return made[0], made[1], [made[2]]
