"""Orphanet's ORPHApackets: one file a disorder, thousands of them in one archive.

A packet says what a disorder is called and what kind of thing it is, what it is a kind of, which
findings it has and how often, what genes do to it, how frequent it is, when it begins, how it is
inherited, and which records elsewhere are the same or wider or narrower. Two archives, one of
JSON and one of YAML, say the same; `orphapacket_text` evens out their shapes. What a word means
in the graph stands in ``ontologies/orphapackets.toml``.

``Children`` and their genes repeat what stands in the children's own packets; they count as
merged, and are loaded only where an archive lacks those packets. All prevalences that give a class
are stated; the one that says most is a signal of rarity too (`orphanet_prevalence`). The line of a
statement is the number of the disorder whose packet makes it. Commas are missing in many
definitions of the original; they stay missing.

Source: https://github.com/Orphanet/orphapacket (CC BY 4.0), Orphanet, INSERM.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kgsynth.errors import SourceError
from kgsynth.sources.archives import open_members
from kgsynth.sources.base import Manifest, SourceData, SourceFile
from kgsynth.sources.orphanet_columns import Columns, orpha_code
from kgsynth.sources.orphanet_facts import has_markup, read_facts, without_markup
from kgsynth.sources.orphanet_prevalence import Prevalence
from kgsynth.sources.orphanet_tables import LOADED, MERGED
from kgsynth.sources.orphapacket_text import LARGEST, entries, read_packet
from kgsynth.sources.record_text import RecordError, fields, plain

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read an archive (or folder) of packets; see `base.Loader`.

    Args:
        files: One tar, zip or folder; members are ``.json`` or ``.yaml``.
        manifest: ``settings`` has the tables of `orphanet_facts.Facts`.

    Raises:
        SourceError: If the archive is damaged, or holds no packet that can be read.
    """
    columns = Columns(files[0], read_facts(manifest))
    reader = _Reader(columns)
    for name, stream in open_members(files[0]):
        try:
            reader.read(name, read_packet(name, stream.read(LARGEST + 1)))
        except RecordError as error:
            columns.reject("packets", name, error.code, error.detail)
    if not reader.codes:
        raise SourceError(f"{files[0].file}: no ORPHApacket that can be read; {_why(columns)}")
    reader.children()
    return columns.data(max(reader.dates, default=""), manifest)


def _why(columns: Columns) -> str:
    details = columns.rejections.details
    return f"the first problem: {details[0]}" if details else "the archive is empty"


class _Reader:
    """Takes packets apart, one after the other."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.codes: set[str] = set()
        self.dates: set[str] = set()
        self._children: list[tuple[str, object]] = []
        columns.count("packets", LOADED, 0)  # the first line of the tallies

    def read(self, name: str, packet: Mapping[str, Any]) -> None:
        """Read one packet, or raise `RecordError` where it cannot be one."""
        code = orpha_code(packet.get("ORPHAcode"))
        label = without_markup(plain(packet.get("Label"), "Label"))
        if not label:
            raise RecordError("no_name", f"{name}: ORPHA:{code} has no Label")
        if code in self.codes:
            raise RecordError("duplicate", f"{name}: ORPHA:{code} has a packet already")
        self.codes.add(code)
        self._describe(code, label, packet)
        self._relate(code, packet)
        self._histories(code, packet)
        self._prevalences(code, packet)
        for child in entries(packet.get("Children"), "Child"):
            self._children.append((code, child))
        self.dates.update(_DATE.findall(str(packet.get("creationDate", ""))[:10]))
        self.columns.count("packets", LOADED)

    def _describe(self, code: str, label: str, packet: Mapping[str, Any]) -> None:
        """Read names, definition and type."""
        columns = self.columns
        synonyms: list[str] = []

        def synonym(record: object) -> str:
            text = self._text(plain(record, "Synonym"))
            synonyms.append(text)
            return LOADED if text else MERGED

        columns.each("synonyms", int(code), entries(packet.get("Synonyms"), "Synonym"), synonym)
        definition: list[str] = []

        def section(record: object) -> str:
            part = fields(record, "TextSection")
            if plain(part.get("TextSectionType"), "TextSectionType") != "Definition":
                raise RecordError("nothing_said", f"ORPHA:{code}: a text that is no definition")
            definition.append(self._text(plain(part.get("Contents"), "Contents")))
            return LOADED

        columns.each("definitions", int(code), entries(packet.get("TextSection"), ""), section)
        columns.disorder(code, label, filter(None, synonyms), " ".join(definition))

        def kind(record: object) -> str:
            word = fields(record, "DisorderType").get("value")
            return columns.kind(code, plain(word, "DisorderType"))

        columns.each("disorder types", int(code), entries(packet.get("DisorderType"), ""), kind)

    def _text(self, text: str) -> str:
        """Return a text without markup, and count it where there was some."""
        clean = without_markup(text)
        if has_markup(text):
            self.columns.count("texts cleaned of markup", LOADED)
        return clean

    def _relate(self, code: str, packet: Mapping[str, Any]) -> None:
        """Read parents, genes and mappings."""
        columns, line = self.columns, int(code)

        def parent(record: object) -> str:
            one = fields(record, "Parent")
            other = orpha_code(one.get("ORPHAcode"))
            columns.mention(other, without_markup(plain(one.get("Label"), "Label")))
            return columns.subclass(code, other)

        def reference(record: object) -> str:
            one = fields(record, "ExternalReference")
            names = ("Source", "Reference", "DisorderMappingRelation")
            source, text, relation = (plain(one.get(name), name) for name in names)
            return columns.reference(code, source, text, relation)

        columns.each("parents", line, entries(packet.get("Parents"), "Parent"), parent)
        genes = entries(packet.get("Genes"), "Gene")
        columns.each("gene links", line, genes, lambda record: self._gene(code, record))
        references = entries(packet.get("ExternalReferences"), "ExternalReference")
        columns.each("references", line, references, reference)

    def _gene(self, code: str, record: object) -> str:
        """Read what one gene has to do with a disorder."""
        columns = self.columns
        one = fields(record, "Gene")
        symbol = plain(one.get("Symbol"), "Symbol")
        name = without_markup(plain(one.get("Name") or one.get("Label"), "Name"))
        references = list(_gene_references(one))
        hgnc = next((text for database, text in references if database == "HGNC"), "")
        if not hgnc:
            raise RecordError(
                "gene_without_hgnc", f"gene {symbol!r} of ORPHA:{code} has no HGNC id"
            )
        gene = columns.gene(hgnc, symbol, name)
        association = plain(one.get("DisorderGeneAssociationType"), "DisorderGeneAssociationType")
        fate = columns.gene_link(code, gene, association)
        columns.each(
            "gene references",
            int(code),
            references,
            lambda pair: columns.gene_reference(gene, *pair, int(code)),
        )
        return fate

    def _histories(self, code: str, packet: Mapping[str, Any]) -> None:
        """Read findings, onset and inheritance."""
        columns, line = self.columns, int(code)

        def finding(record: object) -> str:
            one = fields(record, "Phenotype")
            names = ("HPOId", "HPOFrequency", "DiagnosticCriteria")
            return columns.finding(code, *(plain(one.get(name), name) for name in names))

        columns.each("phenotypes", line, entries(packet.get("Phenotypes"), "Phenotype"), finding)
        for unit, plural, singular, predicate in (
            ("onsets", "AverageAgeOfOnsets", "AverageAgeOfOnset", "has_attribute"),
            ("inheritances", "TypeOfInheritances", "TypeOfInheritance", "has_mode_of_inheritance"),
        ):

            def course(record: object, of: str = singular, predicate: str = predicate) -> str:
                word = plain(fields(record, of).get("value"), of)
                return columns.course(code, predicate, word)

            columns.each(unit, line, entries(packet.get(plural), singular), course)

    def _prevalences(self, code: str, packet: Mapping[str, Any]) -> None:
        columns, recorded = self.columns, dict[Prevalence, tuple[str, ...]]()

        def prevalence(record: object) -> str:
            one = fields(record, "Prevalence")
            names = ("PrevalenceType", "PrevalenceClass", "PrevalenceGeographic", "Source")
            kind, share, place, source = (plain(one.get(name), name) for name in names)
            return columns.prevalence(recorded, kind, share, place, source)

        every = entries(packet.get("Prevalences"), "Prevalence")
        columns.each("prevalences", int(code), every, prevalence)
        columns.rarity(code, recorded)

    def children(self) -> None:
        """Read what packets say of children, after all packets have spoken for themselves."""
        columns = self.columns

        for code, record in self._children:

            def child(record: object, code: str = code) -> str:
                one = fields(record, "Child")
                other = orpha_code(one.get("ORPHAcode"))
                columns.mention(other, without_markup(plain(one.get("Label"), "Label")))
                genes = entries(one.get("Genes"), "Gene")
                columns.each(
                    "genes of children", int(other), genes, lambda gene: self._gene(other, gene)
                )
                return columns.subclass(other, code)

            columns.each("children", int(code), [record], child)


def _gene_references(gene: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for record in entries(gene.get("ExternalReferences"), "ExternalReference"):
        one = fields(record, "ExternalReference")
        yield plain(one.get("Source"), "Source"), plain(one.get("Reference"), "Reference")
