"""Phenopackets: published patients, for evaluation only.

A phenopacket (GA4GH, version 2) is one patient: the findings that were seen and those that were
looked for and absent, the diagnosis, the variants, and the paper that reports it. A patient is no
fact of medicine, so this module is no loader, the registry of sources does not list it, and what
it returns has no tables: it yields `Case` records, which a graph is held against.

Source: https://phenopacket-schema.readthedocs.io/en/latest/; cases:
https://github.com/monarch-initiative/phenopacket-store (BSD-3-Clause).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from kgsynth.errors import IdentifierError, SourceError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources.archives import open_members
from kgsynth.sources.base import Rejections, SourceFile, Tally
from kgsynth.sources.record_text import RecordError, fields, plain, read_json

#: Most bytes of one phenopacket.
LARGEST = 1 << 24
_SEXES = {"MALE": "male", "FEMALE": "female", "OTHER_SEX": "other"}
#: A variant counts where the report calls it so; a rejected or merely seen one does not.
_CAUSATIVE = ("CAUSATIVE", "CONTRIBUTORY")


@dataclass(frozen=True, slots=True)
class Case:
    """One published patient.

    Attributes:
        id: As the phenopacket names it.
        file: The member of the archive.
        diseases: Diagnoses, in order; those that were excluded are left out.
        sex: ``male``, ``female``, ``other``; "" where not known.
        age: At the last encounter, ISO 8601 (``P34Y``), or an onset term; "" where not given.
        onset: Of the disease, likewise.
        observed: HPO terms of the findings that were seen, in order, none twice.
        excluded: HPO terms of the findings that were absent.
        genes: Genes of the variants that are called causative.
        variants: Those variants in HGVS, or as they are labelled.
        references: Publications.
    """

    id: str
    file: str
    diseases: tuple[str, ...]
    sex: str
    age: str
    onset: str
    observed: tuple[str, ...]
    excluded: tuple[str, ...]
    genes: tuple[str, ...]
    variants: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of one archive, and what became of every record in it."""

    cases: tuple[Case, ...]
    rejections: Rejections
    tallies: tuple[Tally, ...]


def read_cases(source: SourceFile) -> Cases:
    """Read every phenopacket of an archive, a folder, or one JSON file.

    Raises:
        SourceError: If the archive is damaged, or holds no phenopacket that can be read.
    """
    rejections, counts, cases = Rejections(), Counter[str](), []
    for name, raw in _documents(source):
        counts["cases"] += 1
        try:
            cases.append(_Reader(name, f"{source.file}:{name}", counts, rejections).read(raw))
        except RecordError as error:
            rejections.add(f"{source.file}:{name}", error.code, error.detail)
    if not cases:
        why = f"the first problem: {rejections.details[0]}" if rejections.details else "it is empty"
        raise SourceError(f"{source.file}: no phenopacket that can be read; {why}")
    findings = [counts[fate] for fate in ("findings", "loaded", "merged", "rejected")]
    tallies = (
        Tally("cases", counts["cases"], len(cases), 0, counts["cases"] - len(cases)),
        Tally("findings", *findings),
    )
    return Cases(tuple(cases), rejections, tallies)


def _documents(source: SourceFile) -> Iterator[tuple[str, bytes]]:
    if source.file.suffix == ".json" and source.file.is_file():
        yield source.file.name, source.raw
        return
    for name, stream in open_members(source):
        yield name, stream.read(LARGEST + 1)


class _Reader:
    """Takes one phenopacket apart."""

    def __init__(self, name: str, place: str, counts: Counter[str], rejections: Rejections) -> None:
        self.name = name
        self.place = place
        self.counts = counts
        self.rejections = rejections

    def read(self, raw: bytes) -> Case:
        """Return the case, or raise `RecordError`."""
        if PurePosixPath(self.name).suffix.lower() != ".json" or len(raw) > LARGEST:
            raise RecordError("no_packet", f"{self.name}: expected a .json file of at most 16 MiB")
        packet = fields(read_json(self.name, raw), self.name)
        subject = fields(packet.get("subject") or {}, "subject")
        diseases = list(_records(packet, "diseases"))
        interpretations = [
            fields(one.get("diagnosis") or {}, "diagnosis")
            for one in _records(packet, "interpretations")
        ]
        named = [
            one["term"] for one in diseases if one.get("excluded") is not True and "term" in one
        ]
        named = named or [one["disease"] for one in interpretations if "disease" in one]
        ids = tuple(dict.fromkeys(_curie(one, "disease") for one in named))
        if not ids:
            raise RecordError("no_diagnosis", f"{self.name}: no disease is named")
        genes, variants = _variants(interpretations)
        observed, excluded = self._findings(packet)
        return Case(
            id=plain(packet.get("id"), "id") or self.name,
            file=self.name,
            diseases=ids,
            sex=_SEXES.get(plain(subject.get("sex"), "sex"), ""),
            age=_age(subject.get("timeAtLastEncounter")),
            onset=next((age for one in diseases if (age := _age(one.get("onset")))), ""),
            observed=observed,
            excluded=excluded,
            genes=genes,
            variants=variants,
            references=tuple(_references(packet)),
        )

    def _findings(self, packet: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the terms that were seen and those that were absent, and count them.

        Term and denial belong together: where ``excluded`` cannot be read, the finding is
        rejected, because a denial that is read as a finding would turn its sense around.
        """
        found: tuple[dict[str, None], dict[str, None]] = ({}, {})
        for record in _list(packet, "phenotypicFeatures"):
            self.counts["findings"] += 1
            try:
                one = fields(record, "phenotypicFeature")
                term = _curie(one.get("type"), "type")
                if not term.startswith("HP:"):
                    raise RecordError("bad_identifier", f"{term!r} is no HPO term")
                denied = one.get("excluded", one.get("negated", False))  # version 1: negated
                if not isinstance(denied, bool):
                    raise RecordError(
                        "bad_shape", f"excluded of {term} is {denied!r}, expected true or false"
                    )
            except RecordError as error:
                self.counts["rejected"] += 1
                self.rejections.add(self.place, error.code, error.detail)
                continue
            self.counts["merged" if term in found[denied] else "loaded"] += 1
            found[denied][term] = None
        return tuple(found[False]), tuple(found[True])


def _variants(
    interpretations: list[dict[str, Any]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    genes: dict[str, None] = {}
    variants: dict[str, None] = {}
    for diagnosis in interpretations:
        for one in _records(diagnosis, "genomicInterpretations"):
            if one.get("interpretationStatus") not in _CAUSATIVE:
                continue
            variant = fields(one.get("variantInterpretation") or {}, "variantInterpretation")
            described = fields(variant.get("variationDescriptor") or {}, "variationDescriptor")
            gene = described.get("geneContext") or one.get("gene")
            if gene is not None:
                genes[_curie({"id": fields(gene, "geneContext").get("valueId")}, "gene")] = None
            variants[_hgvs(described)] = None
    return tuple(genes), tuple(one for one in variants if one)


def _hgvs(described: Mapping[str, Any]) -> str:
    """Return a variant in HGVS, of the transcript where it is given, else its label or id."""
    written = {
        plain(one.get("syntax"), "syntax"): plain(one.get("value"), "value")
        for one in _records(described, "expressions")
    }
    names = (written.get("hgvs.c"), written.get("hgvs.g"), described.get("label"))
    return next((plain(name, "label") for name in names if name), "")


def _references(packet: Mapping[str, Any]) -> Iterator[str]:
    meta = fields(packet.get("metaData") or {}, "metaData")
    for one in _records(meta, "externalReferences"):
        yield plain(one.get("id"), "reference")


def _age(value: object) -> str:
    """Return an age: ISO 8601 (``P34Y``), weeks of gestation (``G20w3d``) or an onset term."""
    if value is None:
        return ""
    time = fields(value, "time")
    if isinstance(time.get("age"), dict):
        return plain(time["age"].get("iso8601duration"), "age")
    if isinstance(time.get("gestationalAge"), dict):
        weeks, days = (time["gestationalAge"].get(unit, 0) for unit in ("weeks", "days"))
        return f"G{plain(weeks, 'weeks')}w{plain(days, 'days')}d"
    if isinstance(time.get("ontologyClass"), dict):
        return _curie(time["ontologyClass"], "ontologyClass")
    return ""


def _curie(record: object, what: str) -> str:
    text = plain(fields(record, what).get("id"), what)
    try:
        return normalize_curie(text)
    except IdentifierError as error:
        raise RecordError("bad_identifier", f"{what}: {error}") from None


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    if value is not None and not isinstance(value, list):
        raise RecordError("bad_shape", f"{name} is {type(value).__name__}, expected a list")
    return value or []


def _records(record: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    for one in _list(record, name):
        yield fields(one, name)
