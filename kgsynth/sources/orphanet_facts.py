"""What Orphanet's words mean in the graph: the tables of facts in a manifest, read once.

Every reader of Orphanet's files (`orphapackets`, `orphadata`) meets the same words for
frequencies, onset, inheritance, associations and mappings. They stand once, in
``ontologies/orphapackets.toml``; other manifests refer to it with ``facts = "orphapackets"``.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kgsynth.sources.base import MAPPING_PREDICATES, Manifest
from kgsynth.sources.frequency import TERMS
from kgsynth.sources.manifests import read_manifest

#: Markup in Orphanet's texts; a lone "<" is a "less than" (``<50 years``) and stays.
_TAG = re.compile(r"</?(?:i|b|u|p|br|em|sub|sup|strong|span)\b[^<>]*>|<i(?=<)", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\xa0]+")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}


@dataclass(frozen=True, slots=True)
class Reference:
    """How the numbers of one terminology are spelled.

    Attributes:
        prefix: Of the identifier; "" where it names nothing that could be an entity.
        digits: A number is filled up with zeros to so many digits.
        relation: What the identifier is to the gene; "" for disorders, whose records say it.
    """

    prefix: str
    digits: int = 0
    relation: str = ""

    def curie(self, text: str) -> str:
        """Return the identifier, not yet checked."""
        return f"{self.prefix}:{text.zfill(self.digits) if text.isdigit() else text}"


@dataclass(frozen=True, slots=True)
class Facts:
    """The tables; keys are Orphanet's words, and "" as a value means that nothing is said.

    Attributes:
        category: Biolink class of a disorder, whatever its type.
        flags: Type or group of a disorder, or its status, to a flag.
        frequencies: Frequency to HPO's frequency term.
        attributes: HPO terms that Orphanet lists among findings and that are none.
        criteria: Diagnostic criterion to the modifier that it gives.
        onsets: Average age of onset to an HPO term.
        inheritances: Type of inheritance to an HPO term.
        associations: Type of gene link to the predicates that it states.
        relations: Mapping relation (``E``, ``NTBT`` …) to one of `base.MAPPING_PREDICATES`.
        references: Terminology that disorders are mapped to.
        gene_references: Database that genes are mapped to.
        worth: Prevalence class to how rare that is, in [0, 1].
        prevalence_types: Kinds of prevalence, the best first.
        continents: Places wider than a country.
    """

    category: str
    flags: Mapping[str, str]
    frequencies: Mapping[str, str]
    attributes: frozenset[str]
    criteria: Mapping[str, str]
    onsets: Mapping[str, str]
    inheritances: Mapping[str, str]
    associations: Mapping[str, tuple[str, ...]]
    relations: Mapping[str, str]
    references: Mapping[str, Reference]
    gene_references: Mapping[str, Reference]
    worth: Mapping[str, float]
    prevalence_types: tuple[str, ...]
    continents: frozenset[str]


def read_facts(manifest: Manifest) -> Facts:
    """Return the tables of a manifest, or of the one that it refers to.

    Raises:
        SourceError: If the manifest that it refers to cannot be read.
        KeyError: If a table is missing.
        ValueError: If a table holds a frequency or relation that does not exist.
    """
    own: dict[str, Any] = dict(manifest.settings)
    settings = {**read_manifest(own["facts"]).settings, **own} if "facts" in own else own
    facts = Facts(
        category=settings["category"],
        flags=settings["flags"],
        frequencies=settings["frequencies"],
        attributes=frozenset(settings["attributes"]["terms"]),
        criteria=settings["criteria"],
        onsets=settings["onsets"],
        inheritances=settings["inheritances"],
        associations={key: tuple(value) for key, value in settings["predicates"].items()},
        relations=settings["relations"],
        references={key: Reference(**one) for key, one in settings["references"].items()},
        gene_references={key: Reference(**one) for key, one in settings["gene_references"].items()},
        worth=settings["signals"],
        prevalence_types=tuple(settings["prevalence"]["types"]),
        continents=frozenset(settings["prevalence"]["continents"]),
    )
    strange = set(facts.frequencies.values()) - set(TERMS) - {""}
    strange |= set(facts.relations.values()) - set(MAPPING_PREDICATES) - {""}
    if strange:
        raise ValueError(f"ontologies/{manifest.name}.toml: unknown {sorted(strange)[0]!r}")
    return facts


def without_markup(text: str) -> str:
    """Return a text without tags and character references; a "less than" stays.

    Example:
        >>> without_markup("mutations in the <i>GLA</i>&nbsp;gene (&#8805;2, <50 years)")
        'mutations in the GLA gene (≥2, <50 years)'
    """
    text = html.unescape(_TAG.sub("", text)).translate(_LIGATURES)
    return _BLANKS.sub(" ", text).strip()


def has_markup(text: str) -> bool:
    """Return whether `without_markup` has something to do besides blanks."""
    return "<" in text or "&" in text


def first_word(relation: str) -> str:
    """Return the code that a mapping relation begins with.

    Example:
        >>> first_word("NTBT (ORPHAcode is narrower than the targeted code used to represent it)")
        'NTBT'
    """
    return relation.partition(" ")[0]
