"""What the relations of ontologies are called in Biolink.

A relation comes as an id (``BFO:0000050``), a web address, or a bare name (``has_part``). It is
looked for in the manifest's ``[predicates]``, then in `RELATIONS`, then among Biolink's own names
by its name and label, then the same for the wider relations that the file itself declares
(``is_a`` of a ``[Typedef]``). What is nowhere becomes ``related_to``, or keeps its own name where
a file that is nobody's release declares it (`Relations.private`). Whatever it becomes, the
evidence keeps the relation as its code, so nothing that the source distinguishes is lost. A name
after ``not`` is denied: ``lacks_part`` is ``not has_part``. A manifest that maps a relation to
``""`` leaves it out: ``ignored_relation``.

Source: OBO Relation Ontology, http://purl.obolibrary.org/obo/ro.owl (CC0); the mappings of
biolink-model 4.2 for CHEBI's relations.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kgsynth.biolink import PREDICATES, active
from kgsynth.errors import IdentifierError
from kgsynth.identifiers import own_curie

RELATIONS: dict[str, str] = {
    "BFO:0000050": "part_of",
    "BFO:0000051": "has_part",
    "BFO:0000062": "preceded_by",
    "BFO:0000063": "precedes",
    "BFO:0000066": "occurs_in",
    "BFO:0000067": "contains_process",
    "IDO:0000664": "caused_by",  # a disease has its material basis in an organism
    "RO:0000056": "participates_in",
    "RO:0000057": "has_participant",
    "RO:0000087": "has_chemical_role",
    "RO:0001000": "derives_from",
    "RO:0001001": "derives_into",
    "RO:0001015": "location_of",
    "RO:0001022": "caused_by",  # has allergic trigger
    "RO:0001025": "located_in",
    "RO:0002104": "has_part",  # has plasma membrane part
    "RO:0002131": "overlaps",
    "RO:0002158": "homologous_to",
    "RO:0002160": "in_taxon",
    "RO:0002162": "in_taxon",
    "RO:0002200": "has_phenotype",
    "RO:0002202": "develops_from",
    "RO:0002203": "develops_into",
    "RO:0002204": "gene_product_of",
    "RO:0002205": "has_gene_product",
    "RO:0002206": "expressed_in",
    "RO:0002211": "regulates",
    "RO:0002212": "negatively_regulates",
    "RO:0002213": "positively_regulates",
    "RO:0002215": "capable_of",
    "RO:0002233": "has_input",
    "RO:0002234": "has_output",
    "RO:0002292": "expresses",
    "RO:0002327": "enables",
    "RO:0002331": "actively_involved_in",
    "RO:0002333": "enabled_by",
    "RO:0002350": "member_of",
    "RO:0002351": "has_member",
    "RO:0002353": "is_output_of",
    "RO:0002434": "interacts_with",
    "RO:0002436": "physically_interacts_with",
    "RO:0003000": "produces",
    "RO:0003001": "produced_by",
    "RO:0003303": "causes",
    "RO:0003304": "contributes_to",
    "RO:0004001": "caused_by",  # material basis in a gain-of-function germline mutation in
    "RO:0004003": "caused_by",  # material basis in a germline mutation in
    "RO:0004004": "caused_by",  # material basis in a loss-of-function germline mutation in
    "RO:0004020": "disease_has_basis_in",
    "RO:0004021": "disease_has_basis_in",
    "RO:0004026": "disease_has_location",
    "RO:0004027": "disease_has_location",
    "has_high_plasma_membrane_amount": "has_part",
    "has_low_plasma_membrane_amount": "has_part",
    "lacks_part": "not has_part",
    "lacks_plasma_membrane_part": "not has_part",
    "CL:4030046": "not has_part",  # lacks plasma membrane part
    "has_symptom": "has_phenotype",
    "has_role": "has_chemical_role",
    "has_functional_parent": "chemically_similar_to",
    "has_parent_hydride": "chemically_similar_to",
    "is_conjugate_acid_of": "chemically_similar_to",
    "is_conjugate_base_of": "chemically_similar_to",
    "is_enantiomer_of": "chemically_similar_to",
    "is_substituent_group_from": "chemically_similar_to",
    "is_tautomer_of": "chemically_similar_to",
}
FALLBACK = "related_to"

_NOT = "not "
_NAME = re.compile(r"[a-z][a-z0-9_]{1,59}")
_SIGNS = re.compile(r"[^a-z0-9]+")


class Mapped(NamedTuple):
    """What a relation becomes: `predicate` is "" where the manifest leaves it out.

    `turned` says that subject and object change places, `denied` that the relation is a denial;
    `code` is what the evidence keeps.
    """

    predicate: str
    turned: bool
    denied: bool
    code: str


@dataclass
class Relations:
    """The relations of one file.

    Attributes:
        own: The manifest's ``[predicates]``.
        labels: Relation as the file spells it -> its label.
        wider: Relation as the file spells it -> the wider relations it names.
        private: Relations that only this file can know; they keep their own names.
    """

    own: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    wider: Mapping[str, Sequence[str]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    _known: dict[str, Mapped] = field(default_factory=dict)

    def of(self, relation: str) -> Mapped:
        """Return what a relation, spelled as in the file, becomes."""
        found = self._known.get(relation)
        if found is None:
            name = self._climb(relation)
            denied = name.startswith(_NOT)
            name, turned = active(name.removeprefix(_NOT)) if name else ("", False)
            found = Mapped(name, turned, denied, self._code(relation))
            self._known[relation] = found
        return found

    def _climb(self, relation: str) -> str:
        seen = {relation}
        level = [relation]
        while level:
            for one in level:
                found = self._named(one)
                if found is not None:
                    return found
            level = [up for one in level for up in self.wider.get(one, ()) if up not in seen]
            seen.update(level)
        return self._own_name(relation) if relation in self.private else FALLBACK

    def _own_name(self, relation: str) -> str:
        """Return label or last part of an address in snake case, where that makes a name."""
        names = (active(one)[0] for one in reversed(self._names(relation)))
        return next((one for one in names if _NAME.fullmatch(one)), FALLBACK)

    def _named(self, relation: str) -> str | None:
        names = self._names(relation)
        for table in (self.own, RELATIONS):
            for name in names:
                if name in table:
                    return table[name]
        return next((name for name in names if active(name)[0] in PREDICATES), None)

    def _names(self, relation: str) -> list[str]:
        label = _SIGNS.sub("_", self.labels.get(relation, "").lower()).strip("_")
        curie = _curie(relation)
        local = curie.rpartition(":")[2]
        return [name for name in (relation, curie, "" if local.isdigit() else local, label) if name]

    def _code(self, relation: str) -> str:
        curie = _curie(relation)
        local = curie.rpartition(":")[2]
        return f"{curie} {self.labels.get(relation, '')}".rstrip() if local.isdigit() else local


def _curie(relation: str) -> str:
    if ":" not in relation:
        return relation
    try:
        return own_curie(relation)
    except IdentifierError:
        return relation.rpartition("#")[2].rpartition("/")[2]
