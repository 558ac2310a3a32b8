"""Compact identifiers (CURIEs): how every entity in kgsynth is named.

A CURIE is a prefix, a colon and a local identifier, such as ``ORPHA:324`` (Fabry disease).
Sources spell the same identifier in several ways (``Orphanet:324``, ``Orphanet_324``,
``http://www.orpha.net/ORDO/Orphanet_324``); inside kgsynth there is one spelling, and this
module is the only place that makes it.

Source: CURIE Syntax 1.0, https://www.w3.org/TR/curie/
"""

import re

from kgsynth.errors import IdentifierError, UnknownPrefixError

#: House spelling of each prefix -> the other prefixes in use for it (case does not matter).
PREFIXES: dict[str, tuple[str, ...]] = {
    "AEO": (),
    "Beilstein": (),
    "BFO": (),
    "birnlex": (),
    "BSPO": (),
    "BTO": (),
    "CALOHA": (),
    "CARO": (),
    "CAS": (),
    "CHEBI": (),
    "ChEMBL": ("chembl.compound",),
    "CHR": (),
    "civic.gid": (),
    "CL": (),
    "CLINVAR": (),
    "CLM": (),
    "CP": (),
    "CSP": (),
    "DECIPHER": (),
    "DOI": (),
    "DOID": (),
    "DrugBank": ("db",),
    "DrugCentral": ("drug_central",),
    "EC": ("eccode", "ec-code"),
    "ECO": (),
    "ECTO": (),
    "EFO": (),
    "EHDAA2": (),
    "EMAPA": (),
    "ENSEMBL": ("ensg",),
    "ENVO": (),
    "EV": (),
    "FBbt": (),
    "FMA": (),
    "FOODON": (),
    "FYECO": (),
    "Fyler": (),
    "FYPO": (),
    "GARD": (),
    "GENO": (),
    "Gmelin": (),
    "GO": (),
    "GTR": (),
    "HGNC": (),
    "hgnc.genegroup": ("hgnc.family", "hgnc_group"),
    "HMDB": (),
    "HP": ("hpo",),
    "HsapDv": (),
    "IAO": (),
    "ICD10CM": (),
    "ICD10WHO": ("icd10", "icd-10"),
    "ICD11": (),
    "ICD11.foundation": (),
    "ICD9": (),
    "ICD9CM": (),
    "ICDO": ("icd-o",),
    "IDO": (),
    "InterPro": (),
    "ISBN": ("isbn-10", "isbn-13"),
    "KEGG": ("kegg_compound",),
    "KNApSAcK": (),
    "KGSYNTH": (),  # classes of prevalence, which nobody else names with type and place
    "KUPO": (),
    "LINCS": (),
    "MA": (),
    "MAXO": (),
    "MedDRA": (),
    "MEDGEN": (),
    "MESH": ("msh", "mesh"),
    "MetaCyc": (),
    "MF": (),
    "MFOMD": (),
    "MONDO": (),
    "MP": (),
    "MPATH": (),
    "MTH": (),
    "MTHICD9": (),
    "NANDO": (),
    "NBO": (),
    "NCBIGene": ("entrez", "geneid", "ncbigeneid"),
    "NCBITaxon": ("taxon", "taxid", "taxonomy"),
    "NCIT": ("nci", "ncithesaurus", "nci_thesaurus"),
    "NDFRT": ("ndf-rt",),
    "nlxdys": (),
    "NORD": (),
    "OBA": (),
    "OBI": (),
    "OGMS": (),
    "OMIA": (),
    "OMIM": ("mim",),
    "OMIMPS": ("mimps", "omim.ps"),
    "OMO": (),
    "ONCOTREE": (),
    "ORCID": (),
    "ORPHA": ("orphanet", "ordo", "orpha.net"),
    "PATO": (),
    "PDBeChem": (),
    "Pfam": (),
    "PMC": ("pmcid",),
    "PMID": ("pubmed",),
    "PomBase": (),
    "PR": (),
    "PubChem": ("pubchem.compound", "pubchem_compound"),
    "PW": (),
    "REACT": ("reactome",),
    "Reaxys": (),
    "RO": (),
    "RxNorm": ("rxcui", "rxnorm.rxcui"),
    "SCDO": (),
    "SEPIO": (),
    "SNOMEDCT": ("sctid", "snomedct_us", "snomed"),
    "SO": (),
    "SYMP": (),
    "TIGRFAM": ("tigr",),
    "TRANS": (),
    "UBERON": (),
    "UMLS": ("umls_cui",),
    "UNII": (),
    "UniProtKB": ("uniprot",),
    "UPHENO": (),
    "VHOG": (),
    "WBbt": (),
    "Wikidata": (),
    "XAO": (),
    "ZFA": (),
    "ZFIN": (),
}

_SPELLED = re.compile(
    r"(?P<prefix>[A-Za-z][A-Za-z0-9._\-]*?)\s*:\s*(?P<local>[^\s:|]+)"
    r"|(?P<before>[A-Za-z][A-Za-z0-9.\-]*?)\s*_\s*(?P<after>[^\s:|]+)"
)
# UMLS names a release in the prefix: SNOMEDCT_US_2025_09_01:80258006, NCI2004_11_17:C3274.
_RELEASE = re.compile(r"_?\d{4}(?:_\d{2}_\d{2})?$")
_BY_LOWER_CASE = {
    spelling.lower(): prefix
    for prefix, others in PREFIXES.items()
    for spelling in (prefix, *others)
}
# A plain CURIE of these needs no regular expression.
_BY_SPELLING = {
    form: prefix
    for spelling, prefix in _BY_LOWER_CASE.items()
    for form in (spelling, spelling.upper(), prefix)
} | {"Orphanet": "ORPHA", "SCTID": "SNOMEDCT"}
# Web addresses whose tail is the identifier; "{}" marks where the prefix has to be supplied.
_ADDRESSES = (
    (re.compile(r"obo:(?=[A-Za-z]+_)", re.IGNORECASE), ""),
    (re.compile(r"https?://purl\.obolibrary\.org/obo/(?=[^#]*$)"), ""),
    # An id without prefix, in OBO files made from OWL: http://purl.obolibrary.org/obo/so#variant_of
    (re.compile(r"https?://purl\.obolibrary\.org/obo/(?P<prefix>[^/#]+)#"), "{}:"),
    (re.compile(r"https?://www\.orpha\.net/ORDO/"), ""),
    (re.compile(r"https?://(?:www\.)?identifiers\.org/hgnc[/:](?:HGNC:)?"), "HGNC:"),
    (
        re.compile(r"https?://www\.genenames\.org/.*?(?:hgnc_id[/=])(?:HGNC:)?", re.IGNORECASE),
        "HGNC:",
    ),
    (re.compile(r"https?://(?:www\.)?omim\.org/phenotypicSeries/(?:PS)?"), "OMIMPS:"),
    (re.compile(r"https?://(?:www\.)?omim\.org/entry/"), "OMIM:"),
    (re.compile(r"https?://www\.ncbi\.nlm\.nih\.gov/omim/"), "OMIM:"),
    (re.compile(r"https?://www\.orpha\.net/consor/cgi-bin/OC_Exp\.php\?(?:.*&)?Expert="), "ORPHA:"),
    (re.compile(r"https?://rarediseases\.info\.nih\.gov/diseases/(?=\d+)"), "GARD:"),
    (re.compile(r"https?://(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/(?:\?term=)?(?=\d+$)"), "PMID:"),
    (re.compile(r"https?://pubmed\.ncbi\.nlm\.nih\.gov/(?=\d+/?$)"), "PMID:"),
    (re.compile(r"https?://www\.ncbi\.nlm\.nih\.gov/medgen/"), "MEDGEN:"),
    (re.compile(r"https?://(?:www|go)\.drugbank\.c(?:a|om)/drugs/(?=DB\d+$)"), "DrugBank:"),
    (re.compile(r"https?://meshb\.nlm\.nih\.gov/record/ui\?ui="), "MESH:"),
    (re.compile(r"https?://pubchem\.ncbi\.nlm\.nih\.gov/compound/(?=\d+$)"), "PubChem:"),
    (re.compile(r"https?://drugs\.ncats\.io/drug/"), "UNII:"),
    (re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/(?=Q\d+$)"), "Wikidata:"),
    (re.compile(r"https?://linkedlifedata\.com/resource/umls/id/"), "UMLS:"),
    (re.compile(r"https?://snomed\.info/id/"), "SNOMEDCT:"),
    (re.compile(r"https?://oncotree\.mskcc\.org/api/tumorTypes/search/code/"), "ONCOTREE:"),
    (re.compile(r"https?://purl\.uniprot\.org/geneid/"), "NCBIGene:"),
    (re.compile(r"https?://civicdb\.org/links/(?:gene|feature)/"), "civic.gid:"),
    (re.compile(r"https?://(?:www\.)?identifiers\.org/(?P<prefix>[^/:]+)/"), "{}:"),
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
    head, _, local = text.partition(":")
    plain = _BY_SPELLING.get(head)
    if plain is not None and local.isascii() and local.isalnum():
        return _spell(plain, local)
    match = _SPELLED.fullmatch(_without_address(text.strip()))
    if match is None:
        raise IdentifierError(
            f"not an identifier: {text!r}; expected PREFIX:LOCAL, for example 'MONDO:0005148'"
        )
    given = match["prefix"] or match["before"]
    prefix = _BY_LOWER_CASE.get(_RELEASE.sub("", given.lower()))
    if prefix is None:
        raise UnknownPrefixError(
            f"unknown prefix {given!r} in {text!r}; add it to kgsynth/identifiers.py"
        )
    return _spell(prefix, match["local"] or match["after"])


def own_curie(text: str) -> str:
    """Return an identifier of a file's own: spelled the house way where its prefix is known.

    An ontology declares its ids itself, so one whose prefix nobody knows is good as it stands,
    as long as it is a CURIE.

    Raises:
        IdentifierError: If `text` is no CURIE and cannot be made one.

    Example:
        >>> own_curie("MYLAB:0001"), own_curie("http://purl.obolibrary.org/obo/HP_0001250")
        ('MYLAB:0001', 'HP:0001250')
    """
    try:
        return normalize_curie(text)
    except UnknownPrefixError:
        match = _SPELLED.fullmatch(_without_address(text.strip()))
        if match is None or "/" in match.group():
            raise
        if match["before"] and not match["after"].isdigit():  # part_of is a name, IDO_0000664 not
            raise
        prefix = match["prefix"] or match["before"]
        return f"{prefix}:{match['local'] or match['after']}"


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
            named = match.groupdict().get("prefix") or ""
            return prefix.replace("{}", named) + text[match.end() :]
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
