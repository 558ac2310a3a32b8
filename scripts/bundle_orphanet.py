"""Make the small Orphanet tables that travel with kgsynth, from the ORPHApackets.

Run as ``.venv/bin/python scripts/bundle_orphanet.py ../shared/data`` after ``bundle_mondo.py``; the
same inputs give the same bytes. Only disorders that HPO annotates, or that MONDO equates with one
that it annotates, are kept:

- ``orphanet_disorders.tsv.gz``: disorder type and the best prevalence there is.
- ``orphanet_genes.tsv.gz``: gene symbol, HGNC id and association type of every gene link.

The best prevalence is taken by type (point prevalence, at birth, annual incidence, over a
lifetime), then by place (worldwide, a continent, a country, a specific population), then the most
frequent class, because a disease should not look rarer than it is. Entries of type
"Cases/families" give no class and are left out.
"""

import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bundling import annotated_diseases, lines_of, write_table

TYPES = ("Point prevalence", "Prevalence at birth", "Annual incidence", "Lifetime Prevalence")
#: From the most frequent to the rarest; "no data", "Unknown" and "Not yet documented" are no class.
CLASSES = (
    ">1 / 1000",
    "6-9 / 10 000",
    "1-5 / 10 000",
    "1-9 / 100 000",
    "1-9 / 1 000 000",
    "<1 / 1 000 000",
)
CONTINENTS = {
    "Africa",
    "Asia",
    "Europe",
    "Latin America",
    "North America",
    "Oceania",
    "South America",
    "South East Asia",
}
DISORDER_COLUMNS = ("id", "type", "prevalence", "prevalence_type", "geography")

Packet = dict[str, Any]


def main(data: Path, out: Path) -> None:
    """Write the two tables from the staged files under `data` into `out`."""
    twins = {line.split("\t")[1] for line in lines_of(out / "mondo_mappings.tsv.gz")}
    wanted = {curie for curie in annotated_diseases(data) | twins if curie.startswith("ORPHA:")}
    disorders, genes = [], set()
    for packet in packets(data / "orphanet" / "orphapackets.json.tar.xz"):
        curie = f"ORPHA:{packet['ORPHAcode']}"
        if curie in wanted:
            disorders.append((curie, packet["DisorderType"]["value"], *best_prevalence(packet)))
            genes.update((curie, *link) for link in gene_links(packet))
    write_table(out / "orphanet_disorders.tsv.gz", DISORDER_COLUMNS, sorted(disorders))
    write_table(
        out / "orphanet_genes.tsv.gz", ("id", "symbol", "hgnc", "association"), sorted(genes)
    )


def packets(file: Path) -> Iterator[Packet]:
    """Yield the packets of the archive one by one; it is never unpacked to disk."""
    with tarfile.open(file, "r|xz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is not None:
                packet: Packet = json.load(stream)["Orphapacket"]
                yield packet


def entries(packet: Packet, plural: str, singular: str) -> list[Packet]:
    """Return the entries of a list that is a dict when single, its items wrapped or not.

    >>> entries({"Genes": {"Gene": {"Symbol": "GLA"}}}, "Genes", "Gene")
    [{'Symbol': 'GLA'}]
    >>> entries({"Genes": [{"Gene": [{"Symbol": "GLA"}]}, {"Symbol": "FBN1"}]}, "Genes", "Gene")
    [{'Symbol': 'GLA'}, {'Symbol': 'FBN1'}]
    """
    found: list[Packet] = []
    for item in _listed(packet.get(plural)):
        found.extend(_listed(item.get(singular, item)))
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def best_prevalence(packet: Packet) -> tuple[str, str, str]:
    """Return class, type and geography; empty strings where unknown."""
    recorded = entries(packet, "Prevalences", "Prevalence")
    ranked = sorted(
        (_rank(item), item["PrevalenceClass"], item["PrevalenceType"], item["PrevalenceGeographic"])
        for item in recorded
        if item["PrevalenceType"] in TYPES and item["PrevalenceClass"] in CLASSES
    )
    return ranked[0][1:] if ranked else ("", "", "")


def _rank(item: Packet) -> tuple[int, int, int]:
    place = item["PrevalenceGeographic"]
    places = (place == "Worldwide", place in CONTINENTS, place != "Specific population", True)
    return (
        TYPES.index(item["PrevalenceType"]),
        places.index(True),
        CLASSES.index(item["PrevalenceClass"]),
    )


def gene_links(packet: Packet) -> Iterator[tuple[str, str, str]]:
    """Yield symbol, HGNC id and association type of each gene of a disorder."""
    for gene in entries(packet, "Genes", "Gene"):
        references = entries(gene, "ExternalReferences", "ExternalReference")
        hgnc = [f"HGNC:{item['Reference']}" for item in references if item["Source"] == "HGNC"]
        if len(hgnc) > 1:
            raise SystemExit(f"gene {gene['Symbol']!r} has several HGNC ids: {hgnc}")
        # A locus such as DHS6S1 has none; its row is kept, and the loader rejects it by name.
        yield gene["Symbol"], "".join(hgnc), gene["DisorderGeneAssociationType"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("ontologies/bundled"))
