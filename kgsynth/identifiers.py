"""Compact identifiers (CURIEs): how every entity in kgsynth is named.

A CURIE is a prefix, a colon and a local identifier, such as ``ORPHA:324`` (Fabry disease).
Sources spell the same identifier in several ways (``Orphanet:324``, ``Orphanet_324``,
``http://www.orpha.net/ORDO/Orphanet_324``); inside kgsynth there is one spelling, and this
module is the only place that makes it.

Source: CURIE Syntax 1.0, https://www.w3.org/TR/curie/
"""

import re

from kgsynth.errors import IdentifierError

#: House spelling of each prefix -> the other prefixes in use for it (case does not matter).
PREFIXES: dict[str, tuple[str, ...]] = {
    "CHEBI": (),
    "CL": (),
    "DECIPHER": (),
    "DOID": (),
    "ECO": (),
    "EFO": (),
    "ENSEMBL": ("ensg",),
    "GARD": (),
    "GO": (),
    "HGNC": (),
    "HP": ("hpo",),
    "ICD10CM": (),
    "ICD10WHO": ("icd10",),
    "ICD11": (),
    "ISBN": ("isbn-10", "isbn-13"),
    "MAXO": (),
    "MESH": ("msh", "mesh"),
    "MONDO": (),
    "MedDRA": (),
    "NCBIGene": ("entrez", "geneid", "ncbigeneid"),
    "NCIT": (),
    "OMIM": ("mim",),
    "OMIMPS": ("mimps", "omim.ps"),
    "ORPHA": ("orphanet", "ordo", "orpha.net"),
    "PMID": ("pubmed",),
    "REACT": ("reactome",),
    "SNOMEDCT": ("sctid", "snomedct_us", "snomed"),
    "SO": (),
    "UBERON": (),
    "UMLS": ("umls_cui",),
}

# What most files hold already, spelled the house way: nothing to do.
_CANONICAL = re.compile(r"(?:HP|OMIM|ORPHA|MONDO|NCBIGene|HGNC|DECIPHER):[0-9]+")
_SPELLED = re.compile(r"(?P<prefix>[A-Za-z][A-Za-z0-9.\-]*?)\s*[:_]\s*(?P<local>[^\s:|]+)")
_BY_LOWER_CASE = {
    spelling.lower(): prefix
    for prefix, others in PREFIXES.items()
    for spelling in (prefix, *others)
}
# Web addresses whose tail is the identifier; "{}" marks where the prefix has to be supplied.
_ADDRESSES = (
    (re.compile(r"https?://purl\.obolibrary\.org/obo/"), ""),
    (re.compile(r"https?://www\.orpha\.net/ORDO/"), ""),
    (re.compile(r"https?://(?:www\.)?identifiers\.org/hgnc[/:](?:HGNC:)?"), "HGNC:"),
    (
        re.compile(r"https?://www\.genenames\.org/.*?(?:hgnc_id[/=])(?:HGNC:)?", re.IGNORECASE),
        "HGNC:",
    ),
    (re.compile(r"https?://(?:www\.)?omim\.org/phenotypicSeries/(?:PS)?"), "OMIMPS:"),
    (re.compile(r"https?://(?:www\.)?omim\.org/entry/"), "OMIM:"),
    (re.compile(r"https?://(?:www\.)?identifiers\.org/"), ""),
)
_GARD_DIGITS = 7


def normalize_curie(text: str) -> str:
    """Return the one spelling that kgsynth uses for an identifier.

    Args:
        text: A CURIE, an underscore identifier or a web address of one.

    Returns:
        The CURIE, its prefix spelled as in `PREFIXES`.

    Raises:
        IdentifierError: If `text` has no prefix, or a prefix that is not known. The input is
            never passed through: an identifier that cannot be read today is an edge that
            silently disappears tomorrow.

    Example:
        >>> normalize_curie("http://www.orpha.net/ORDO/Orphanet_558")
        'ORPHA:558'
        >>> normalize_curie("HGNC:HGNC:3603"), normalize_curie("hgnc:3603")
        ('HGNC:3603', 'HGNC:3603')
        >>> normalize_curie("GARD:6038")
        'GARD:0006038'
    """
    if _CANONICAL.fullmatch(text):
        return text
    match = _SPELLED.fullmatch(_without_address(text.strip()))
    if match is None:
        raise IdentifierError(
            f"not an identifier: {text!r}; expected PREFIX:LOCAL, for example 'MONDO:0005148'"
        )
    prefix = _BY_LOWER_CASE.get(match["prefix"].lower())
    if prefix is None:
        raise IdentifierError(
            f"unknown prefix {match['prefix']!r} in {text!r}; known: {', '.join(PREFIXES)}"
        )
    return _spell(prefix, match["local"])


def prefix_of(curie: str) -> str:
    """Return the part before the first colon: the authority that gave the identifier.

    Example:
        >>> prefix_of("MONDO:0005148")
        'MONDO'
    """
    return curie.partition(":")[0]


def _without_address(text: str) -> str:
    for address, prefix in _ADDRESSES:
        match = address.match(text)
        if match is not None:
            return prefix + text[match.end() :]
    # Some exports repeat the prefix: HGNC:HGNC:3603.
    head, colon, rest = text.partition(":")
    return rest if colon and rest.lower().startswith(f"{head.lower()}:") else text


def _spell(prefix: str, local: str) -> str:
    if prefix == "GARD" and local.isdigit():
        local = local.zfill(_GARD_DIGITS)
    if prefix == "OMIM" and local.upper().startswith("PS"):
        return f"OMIMPS:{local[2:]}"
    if prefix == "OMIMPS" and local.upper().startswith("PS"):
        local = local[2:]
    return f"{prefix}:{local}"
