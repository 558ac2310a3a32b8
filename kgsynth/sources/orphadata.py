"""Orphadata's products in XML, one loader for each: what Orphanet says of disorders, by topic.

- Product 1 (`load_mappings`): names, types, and mappings with their relation and state.
- Product 4 (`load_phenotypes`): findings with frequency and diagnostic criteria.
- Product 6 (`load_genes`): gene links with type, state and publications.
- Product 9 (`load_prevalence`): prevalence classes; and, in a second file, onset and inheritance.

The words are those of `orphapackets`, and so is what they mean in the graph. Product 6 has been
read from real excerpts; the others are written after the published schema, and their manifests
say `unverified`. The line of a statement is the number of its disorder.

Source: https://www.orphadata.com (CC BY 4.0), Orphanet, INSERM.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from kgsynth.errors import SourceError
from kgsynth.sources.base import Manifest, SourceData, SourceFile
from kgsynth.sources.orphadata_text import Records, code_of, name_at, text_at
from kgsynth.sources.orphanet_columns import Columns, orpha_code
from kgsynth.sources.orphanet_facts import read_facts, without_markup
from kgsynth.sources.orphanet_prevalence import Prevalence
from kgsynth.sources.orphanet_tables import LOADED, MERGED
from kgsynth.sources.record_text import RecordError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PUBLICATION = re.compile(r"(\d+)\[PMID\]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CURATED = "semapv:ManualMappingCuration"


def load_genes(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read product 6, ``en_product6.xml``; see `base.Loader`.

    Raises:
        SourceError: If the file is broken, or is another product.
    """
    columns, records = Columns(files[0], read_facts(manifest)), Records(files[0])
    _read(columns, records, _genes, "DisorderGeneAssociationList", "product 6")
    return columns.data(records.date, manifest)


def load_mappings(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read product 1, ``en_product1.xml``; see `load_genes`."""
    columns, records = Columns(files[0], read_facts(manifest)), Records(files[0])
    _read(columns, records, _mappings, "ExternalReferenceList", "product 1")
    return columns.data(records.date, manifest)


def load_phenotypes(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read product 4, ``en_product4.xml``; see `load_genes`."""
    columns, records = Columns(files[0], read_facts(manifest)), Records(files[0])
    _read(columns, records, _phenotypes, "HPODisorderAssociationList", "product 4")
    return columns.data(records.date, manifest)


def load_prevalence(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read both halves of product 9; see `load_genes`.

    Args:
        files: Roles ``prevalence`` (``en_product9_prev.xml``) and ``ages``
            (``en_product9_ages.xml``); one of them may be absent.
        manifest: As for `load_genes`.
    """
    columns = Columns(files[0], read_facts(manifest))
    dates = []
    for file in files:
        columns.source, records = file, Records(file)
        ages = file.role == "ages"
        wanted = "AverageAgeOfOnsetList" if ages else "PrevalenceList"
        _read(columns, records, _ages if ages else _prevalences, wanted, "product 9")
        dates.append(records.date)
    return columns.data(max(dates), manifest, files)


def _read(
    columns: Columns,
    records: Records,
    read: "Callable[[Columns, str, Element, Element], None]",
    wanted: str,
    product: str,
) -> None:
    """Read every disorder of a file by `read`; refuse a file in which none has a `wanted` list."""
    unit = "disorders" if columns.source.role != "ages" else "disorders with ages"
    found = False
    for record in records:
        disorder = record.find("Disorder") if record.tag != "Disorder" else record
        try:
            if disorder is None:
                raise RecordError("bad_shape", f"<{record.tag}> without <Disorder>")
            code = orpha_code(code_of(disorder))
            new = _describe(columns, code, disorder)
            read(columns, code, disorder, record)
            columns.count(unit, LOADED if new else MERGED)
            found = found or disorder.find(wanted) is not None
        except RecordError as error:
            place = code_of(disorder) if disorder is not None else ""
            columns.reject(unit, place or "?", error.code, error.detail)
    if not found:
        raise SourceError(
            f"{records.source.file}: no disorder with a <{wanted}> can be read; is it Orphadata's "
            f"{product}?{_first_problem(columns)}"
        )


def _first_problem(columns: Columns) -> str:
    details = columns.rejections.details
    return f" (the first problem: {details[0]})" if details else ""


def _describe(columns: Columns, code: str, disorder: "Element") -> bool:
    """Read names and type of a disorder; return whether it is new."""
    name = without_markup(name_at(disorder))
    if not name:
        raise RecordError("no_name", f"ORPHA:{code} has no name")
    synonyms = (without_markup(one.text or "") for one in disorder.iterfind("SynonymList/Synonym"))
    definition = text_at(disorder, "SummaryInformationList/SummaryInformation/TextSectionList/"
                         "TextSection/Contents")  # fmt: skip
    new = columns.disorder(code, name, filter(None, synonyms), without_markup(definition))
    kinds = [name_at(disorder, path) for path in ("DisorderType", "DisorderGroup")]
    columns.each(
        "disorder types", int(code), filter(None, kinds), lambda word: columns.kind(code, word)
    )
    return new


def _genes(columns: Columns, code: str, disorder: "Element", _: "Element") -> None:
    links = disorder.iterfind("DisorderGeneAssociationList/DisorderGeneAssociation")
    columns.each("gene links", int(code), links, lambda link: _gene(columns, code, link))


def _gene(columns: Columns, code: str, link: "Element") -> str:
    gene = link.find("Gene")
    if gene is None:
        raise RecordError("bad_shape", f"ORPHA:{code}: a gene link without <Gene>")
    references = [
        (text_at(one, "Source"), text_at(one, "Reference"))
        for one in gene.iterfind("ExternalReferenceList/ExternalReference")
    ]
    symbol = text_at(gene, "Symbol")
    hgnc = next((text for database, text in references if database == "HGNC"), "")
    if not hgnc:
        detail = f"gene {symbol!r} of ORPHA:{code} has no HGNC id"
        raise RecordError("gene_without_hgnc", detail)
    synonyms = [one.text or "" for one in gene.iterfind("SynonymList/Synonym")]
    curie = columns.gene(hgnc, symbol, name_at(gene), synonyms)
    papers = _PUBLICATION.findall(text_at(link, "SourceOfValidation"))
    fate = columns.gene_link(
        code,
        curie,
        name_at(link, "DisorderGeneAssociationType"),
        [f"PMID:{paper}" for paper in dict.fromkeys(papers)],
        assessed=name_at(link, "DisorderGeneAssociationStatus") in ("", "Assessed"),
    )
    columns.each(
        "gene references",
        int(code),
        references,
        lambda pair: columns.gene_reference(curie, *pair, int(code)),
    )
    return fate


def _mappings(columns: Columns, code: str, disorder: "Element", _: "Element") -> None:
    moved = _moves(columns, code, disorder)

    def reference(one: "Element") -> str:
        if moved:
            raise RecordError("obsolete_term", f"ORPHA:{code} has moved, and its mappings with it")
        state = name_at(one, "DisorderMappingValidationStatus")
        checked = state in ("", "Validated")
        source, text = text_at(one, "Source"), text_at(one, "Reference")
        relation = name_at(one, "DisorderMappingRelation")
        justification = _CURATED if state == "Validated" else None
        return columns.reference(code, source, text, relation, justification, checked=checked)

    def status(label: str) -> str:
        return columns.kind(code, label)

    references = disorder.iterfind("ExternalReferenceList/ExternalReference")
    columns.each("references", int(code), references, reference)
    labels = (text_at(one, "Label") for one in disorder.iterfind("DisorderFlagList/DisorderFlag"))
    columns.each("status labels", int(code), filter(columns.facts.flags.get, labels), status)


def _moves(columns: Columns, code: str, disorder: "Element") -> bool:
    """Read which disorders have moved to which; return whether this one has.

    Both ends tell it, and each leaves its own number out.
    """
    moved = False
    for one in disorder.iterfind("DisorderDisorderAssociationList/DisorderDisorderAssociation"):
        if name_at(one, "DisorderDisorderAssociationType") != "Moved to":
            continue
        old, new = (
            code_of(end) if (end := one.find(name)) is not None else ""
            for name in ("RootDisorder", "TargetDisorder")
        )
        if old or new:
            columns.replace(orpha_code(old or code), orpha_code(new or code))
            moved = moved or (not old or old == code)
    return moved


def _phenotypes(columns: Columns, code: str, disorder: "Element", record: "Element") -> None:
    day = _DATE.match(text_at(record, "ValidationDate"))
    date = day[0] if day else ""

    def finding(one: "Element") -> str:
        term, often = text_at(one, "HPO/HPOId"), name_at(one, "HPOFrequency")
        return columns.finding(code, term, often, name_at(one, "DiagnosticCriteria"), date)

    findings = disorder.iterfind("HPODisorderAssociationList/HPODisorderAssociation")
    columns.each("phenotypes", int(code), findings, finding)


def _prevalences(columns: Columns, code: str, disorder: "Element", _: "Element") -> None:
    recorded: dict[Prevalence, tuple[str, ...]] = {}

    def prevalence(one: "Element") -> str:
        names = ("PrevalenceType", "PrevalenceClass", "PrevalenceGeographic")
        kind, share, place = (name_at(one, name) for name in names)
        return columns.prevalence(recorded, kind, share, place, text_at(one, "Source"))

    every = disorder.iterfind("PrevalenceList/Prevalence")
    columns.each("prevalences", int(code), every, prevalence)
    columns.rarity(code, recorded)


def _ages(columns: Columns, code: str, disorder: "Element", _: "Element") -> None:
    for unit, path, predicate in (
        ("onsets", "AverageAgeOfOnsetList/AverageAgeOfOnset", "has_attribute"),
        ("inheritances", "TypeOfInheritanceList/TypeOfInheritance", "has_mode_of_inheritance"),
    ):

        def course(one: "Element", predicate: str = predicate) -> str:
            return columns.course(code, predicate, name_at(one))

        columns.each(unit, int(code), disorder.iterfind(path), course)
