"""Web addresses of entities and words: how a CURIE is spelled in RDF, and back again.

OBO ontologies have their own addresses (``HP:0001250`` is
``http://purl.obolibrary.org/obo/HP_0001250``), other authorities those that Biolink gives them.
What no authority has an address for gets one of kgsynth's own, which claims no place on the web:
``urn:kgsynth:id:ICD11:5C56.01``. Whatever stands in an identifier, `curie_of` undoes `iri_of`.

Source: prefix map of the Biolink Model 4.2, https://biolink.github.io/biolink-model/ (CC0).
"""

import functools
import re
from urllib.parse import quote, unquote

OBO = "http://purl.obolibrary.org/obo/"
BIOLINK = "https://w3id.org/biolink/vocab/"
#: What kgsynth says of statements and RDF has no common word for.
HOUSE = "urn:kgsynth:"

#: Ontologies of the OBO Foundry by their house prefix; the address is the same for all.
_OBO_PREFIXES = (
    *("BFO", "CARO", "CHEBI", "CL", "DOID", "ECO", "GO", "HP", "IAO", "MAXO", "MONDO"),
    *("MP", "NBO", "NCBITaxon", "NCIT", "OBI", "PATO", "PR", "RO", "SO", "SYMP", "UBERON", "UO"),
)
#: House prefix -> what stands before the local part.
_BASES: dict[str, str] = {
    **{prefix: f"{OBO}{prefix}_" for prefix in _OBO_PREFIXES},
    "DECIPHER": "https://decipher.sanger.ac.uk/syndrome/",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "ENSEMBL": "http://identifiers.org/ensembl/",
    "HGNC": "http://identifiers.org/hgnc/",
    "MESH": "http://identifiers.org/mesh/",
    "MedDRA": "http://identifiers.org/meddra/",
    "NCBIGene": "http://identifiers.org/ncbigene/",
    "OMIM": "https://omim.org/entry/",
    "OMIMPS": "https://omim.org/phenotypicSeries/PS",
    "ORPHA": "http://www.orpha.net/ORDO/Orphanet_",
    "PMID": "http://identifiers.org/pubmed/",
    "REACT": "http://identifiers.org/reactome/",
    "SNOMEDCT": "http://snomed.info/id/",
    "UMLS": "http://identifiers.org/umls/",
}
_HOUSE_ID = f"{HOUSE}id:"
_LONGEST_FIRST = sorted(((base, prefix) for prefix, base in _BASES.items()), reverse=True)
_PLAIN = re.compile(r"[A-Za-z0-9]+", re.ASCII)
_SAFE = "-._~:@!$&'()*+,;=/?#"  # what may stand in an IRI and in Turtle as it is


def base_of(prefix: str) -> str:
    """Return what stands before the local part of an identifier of that prefix.

    Example:
        >>> base_of("HP"), base_of("ICD11")
        ('http://purl.obolibrary.org/obo/HP_', 'urn:kgsynth:id:ICD11:')
    """
    return _BASES.get(prefix) or f"{_HOUSE_ID}{quote(prefix, safe='')}:"


@functools.lru_cache(maxsize=65536)
def iri_of(curie: str) -> str:
    """Return the web address of an identifier.

    Args:
        curie: As `kgsynth.identifiers` spells it; a text without a colon gets a house address.

    Example:
        >>> iri_of("ORPHA:324")
        'http://www.orpha.net/ORDO/Orphanet_324'
    """
    prefix, colon, local = curie.partition(":")
    if not colon:
        return f"{HOUSE}word:{quote(curie, safe=_SAFE)}"
    return base_of(prefix) + (local if _PLAIN.fullmatch(local) else quote(local, safe=_SAFE))


def curie_of(iri: str) -> str:
    """Return the identifier that `iri_of` spelled; "" for an address that it never makes.

    Example:
        >>> curie_of("http://identifiers.org/hgnc/10591"), curie_of("https://example.org/")
        ('HGNC:10591', '')
    """
    if iri.startswith(_HOUSE_ID):
        prefix, _, local = iri.removeprefix(_HOUSE_ID).partition(":")
        return f"{unquote(prefix)}:{unquote(local)}"
    if iri.startswith(f"{HOUSE}word:"):
        return unquote(iri.removeprefix(f"{HOUSE}word:"))
    for base, prefix in _LONGEST_FIRST:
        if iri.startswith(base):
            return f"{prefix}:{unquote(iri[len(base) :])}"
    return ""


@functools.lru_cache(maxsize=65536)
def prefixed(curie: str) -> tuple[str, str] | None:
    """Return prefix and local part where Turtle and SPARQL can write ``PREFIX:LOCAL``, else None.

    Example:
        >>> prefixed("HP:0001250"), prefixed("ICD11:5C56.01"), prefixed("a'b")
        (('HP', '0001250'), None, None)
    """
    prefix, _, local = curie.partition(":")
    if _PLAIN.fullmatch(local) and prefix[:1].isalpha() and _PLAIN.fullmatch(prefix):
        return prefix, local
    return None
