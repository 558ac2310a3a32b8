"""Every OBO and OBO Graphs file of the folder of data, held against the counts taken of it."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from kgsynth.sources import obo, obographs
from kgsynth.sources.base import Loader, SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.source_file import SourceFile
from tests.sources.real_files import FOLDER, real_files

#: Source -> file, and its loader. `mondo-rare` is no source: it is read as a user's own file.
FILES: dict[str, tuple[str, Loader]] = {
    "uberon": ("anatomy_cell_go/uberon_import-mondo-2021.obo.gz", obo.load),
    "cl": ("anatomy_cell_go/cl_import-mondo-2021.obo.gz", obo.load),
    "chebi": ("chebi/chebi_import-maxo.obo.gz", obo.load),
    "hgnc": ("mondo/hgnc_import-2021.obo.gz", obo.load),
    "hgnc-groups": ("genes_pathways/hgnc.genegroup.obo.gz", obo.load),
    "doid-rare": ("doid/DO_rare_slim.obo.gz", obo.load),
    "mondo-equivalencies": ("mondo/equivalencies.obo.gz", obo.load),
    "obo": ("mondo/mondo-rare.DERIVED.obo.gz", obo.load),
    "doid-graphs": ("doid/doid-2018-07-05.json.gz", obographs.load),
    "civic": ("genes_pathways/civic.gid.json.gz", obographs.load),
}


@cache
def load(name: str) -> SourceData:
    """Return what a source says of its real file."""
    place, loader = FILES[name]
    if name == "obo":
        if not (FOLDER / place).is_file():
            pytest.skip(f"the folder of real data has no {place}")
        return loader((SourceFile(FOLDER / place),), read_manifest(name))
    return loader(*real_files(name))


@cache
def counted(name: str) -> dict[str, int]:
    """Return the counts that were taken of a file when the folder was made."""
    file = FOLDER / "MANIFEST.json"
    if not file.is_file():
        pytest.skip("the folder of real data has no MANIFEST.json")
    for one in json.loads(file.read_text(encoding="utf-8"))["files"]:
        if one["file"].endswith(FILES[name][0]):
            return dict(one["counts"])
    raise AssertionError(f"{FILES[name][0]} is not in MANIFEST.json")


def tallies(name: str) -> dict[str, tuple[int, int, int, int]]:
    """Return what became of the records of a file: read, loaded, merged, rejected."""
    found = load(name).tallies
    return {one.unit: (one.read, one.loaded, one.merged, one.rejected) for one in found}


#: Of the counts, those of clauses that stand in typedefs or under obsolete terms.
ELSEWHERE = {
    ("uberon", "is_a"): 222,  # links between relations
    ("cl", "is_a"): 2,
    ("chebi", "xref"): 2,
    ("doid-rare", "xref"): 8,  # of two obsolete terms
}


@pytest.mark.parametrize("name", [name for name in FILES if FILES[name][1] is obo.load])
def test_every_record_of_an_obo_file_is_accounted_for(name: str) -> None:
    counts, found = counted(name), tallies(name)
    units = {
        "terms": "terms",
        "is_a": "is_a links",
        "relationship": "relationships",
        "intersection_of": "parts of definitions",
        "equivalent_to": "equivalents",
        "xref": "xrefs",
    }
    for what, unit in units.items():
        if unit in found:
            assert found[unit][0] == counts.get(what, 0) - ELSEWHERE.get((name, what), 0), what
        else:
            assert what not in counts
    rejected = sum(numbers[3] for numbers in found.values())
    assert rejected == len(load(name).rejections)


@pytest.mark.parametrize("name", [name for name in FILES if FILES[name][1] is obographs.load])
def test_every_record_of_an_obo_graphs_file_is_accounted_for(name: str) -> None:
    counts, found = counted(name), tallies(name)
    assert (found["nodes"][0], found["edges"][0]) == (counts["nodes"], counts["edges"])
    assert sum(numbers[3] for numbers in found.values()) == len(load(name).rejections)


def kinds(name: str) -> dict[str, int]:
    """Return how many entities of each category a source has."""
    return dict(Counter(load(name).entities["category"].to_pylist()))


def predicates(name: str) -> Counter[str]:
    """Return how many statements of each predicate a source makes."""
    return Counter(load(name).statements["predicate"].to_pylist())


def test_uberon_imports_terms_of_a_dozen_ontologies() -> None:
    assert kinds("uberon") == {
        "AnatomicalEntity": 4875,
        "BiologicalProcess": 1405,
        "Cell": 820,
        "ChemicalEntity": 172,
        "CellularComponent": 129,
        "OntologyClass": 80,
        "Protein": 42,
        "OrganismTaxon": 37,
        "MolecularActivity": 11,
        "NamedThing": 6,
    }
    assert load("uberon").rejections.codes == ["other_taxon"] * 4  # true of birds only
    modifiers = Counter(load("uberon").statements["modifier"].to_pylist())
    assert modifiers["gci_filler=NCBITaxon:40674; gci_relation=BFO:0000050"] == 28
    unnamed = [row for row in load("uberon").entities.to_pylist() if row["name"] is None]
    assert [row["id"] for row in unnamed] == ["BFO:0000141"]
    assert any("\u00a0" in (text or "") for text in _raw_definitions("uberon"))
    assert not any("\u00a0" in (text or "") for text in definitions("uberon"))


def definitions(name: str) -> list[str | None]:
    """Return the definitions of a source."""
    found: list[str | None] = load(name).entities["definition"].to_pylist()
    return found


def _raw_definitions(name: str) -> list[str]:
    data = real_files(name)[0][0].data.decode()
    return [line for line in data.splitlines() if line.startswith("def:")]


def test_cells_lack_parts() -> None:
    """A cell defined by what it lacks (CD4-negative …) is a denial, not a relation."""
    denied = [row for row in load("cl").statements.to_pylist() if row["negated"]]
    assert len(denied) == 328
    assert {row["predicate"] for row in denied} == {"has_part"}
    assert (
        Counter(row["modifier"] for row in load("cl").statements.to_pylist())["is_inferred=true"]
        == 531
    )
    assert load("cl").rejections.codes.count("obsolete_term") == 2


def test_chemicals_have_roles_and_relatives() -> None:
    assert kinds("chebi") == {"ChemicalEntity": 453, "OntologyClass": 112}  # roles are classes
    expected = {"subclass_of": 794, "chemically_similar_to": 270, "has_chemical_role": 174}
    assert predicates("chebi") == {**expected, "has_part": 33}
    codes = Counter(load("chebi").rejections.codes)
    assert codes == {"reference": 506, "unknown_prefix": 46}


def test_genes_of_an_import_are_genes() -> None:
    data = load("hgnc")
    assert kinds("hgnc") == {"Gene": 3788}
    assert data.entities.to_pylist()[0]["id"] == "HGNC:10001"  # spelled as an address in the file
    assert tallies("hgnc")["is_a links"] == (3788, 0, 3788, 0)  # SO:0000704 has no stanza


def test_gene_groups_have_synonyms_without_scope() -> None:
    data = load("hgnc-groups")
    vanins = data.entities.to_pylist()[0]
    assert vanins["id"] == "hgnc.genegroup:10"
    assert vanins["related_synonyms"] == [
        *("VNN", "Vanin pantetheinases", "Vanins", "biotinidase superfamily")
    ]
    assert sum(len(row["related_synonyms"]) for row in data.entities.to_pylist()) == 3212
    assert not any(
        mark in (text or "") for text in definitions("hgnc-groups") for mark in ("<a ", "\u00a0")
    )
    assert predicates("hgnc-groups") == {"subclass_of": 2058, "enables": 13}


def test_the_rare_slim_says_what_its_mappings_are() -> None:
    data = load("doid-rare")
    kinds_ = Counter(data.mappings["predicate"].to_pylist())
    assert kinds_ == {"related": 15639, "exact": 1095, "broad": 69, "close": 40, "narrow": 27}
    assert len(data.signals) == 3458
    assert data.replaced == {
        "DOID:0050786": ("DOID:0060648",),
        "DOID:0080191": ("DOID:0050657",),
    }
    assert not any(one.startswith("SNOMEDCT_US") for one in data.mappings["object"].to_pylist())


def test_equivalents_of_mondo_lead_to_mondo() -> None:
    data = load("mondo-equivalencies")
    assert len(data.entities) == 0
    assert set(data.mappings["predicate"].to_pylist()) == {"exact"}
    assert all(one.startswith("MONDO:") for one in data.mappings["subject"].to_pylist())
    assert data.rejections.details == [
        "MONDO:0021227: unknown prefix 'ADRENAL' in 'ADRENAL:GLAND'; "
        "add it to kgsynth/identifiers.py"
    ]
    fabry = {
        row["object"] for row in data.mappings.to_pylist() if row["subject"] == "MONDO:0010526"
    }
    assert {"ORPHA:324", "OMIM:301500", "SNOMEDCT:16652001", "NCIT:C84701"} <= fabry


def test_a_germline_mutation_causes_the_disease() -> None:
    causes = load("obo").statements.filter(_is("causes"))
    assert len(causes) == 1071
    assert causes["code"].to_pylist()[0].startswith("RO:0004003")
    dangling = set(causes["subject"].to_pylist()) - set(load("obo").entities["id"].to_pylist())
    assert len(dangling) == 688
    strangers = [one for one in dangling if not one.startswith("HGNC:")]
    assert strangers == ["NCBIGene:487634"]  # a gene of the dog


def _is(predicate: str) -> object:
    import pyarrow.compute as pc

    return pc.field("predicate") == predicate


def test_thirteen_graphs_are_one() -> None:
    data = load("doid-graphs")
    ids = set(data.entities["id"].to_pylist())
    assert tallies("doid-graphs")["nodes"] == (17453, 14944, 1, 2508)
    assert tallies("doid-graphs")["edges"] == (19049, 19010, 2, 37)
    codes = Counter(data.rejections.codes)
    assert (codes["obsolete_term"], codes["property"], codes["property_edge"]) == (2399, 109, 33)
    # 1,333 edges point outside the node list of their graph; merged, none is left.
    ends = set(data.statements["subject"].to_pylist()) | set(data.statements["object"].to_pylist())
    assert ends <= ids
    names = dict(
        zip(data.entities["id"].to_pylist(), data.entities["name"].to_pylist(), strict=True)
    )
    assert names["UBERON:0001062"] == "anatomical entity"  # "anatomy" where it has no type
    assert names["UPHENO:0001001"] == "phenotype"  # a node without a type, in one graph only


def test_graphs_of_genes_keep_their_dangling_edges() -> None:
    data = load("civic")
    ids = set(data.entities["id"].to_pylist())
    rows = data.statements.to_pylist()
    assert sum(row["object"] not in ids for row in rows) == 298
    assert kinds("civic") == {"Gene": 595, "SequenceVariant": 309, "OntologyClass": 9}
    assert set(data.mappings["predicate"].to_pylist()) == {"exact"}
    assert data.mappings.to_pylist()[0]["object"] == "NCBIGene:238"  # ALK


def test_the_same_file_says_the_same_twice() -> None:
    load("cl")
    again = obo.load(*real_files("cl"))
    assert again.statements.equals(load("cl").statements)
    assert again.mappings.equals(load("cl").mappings)


def test_without_a_manifest_uberon_is_read_too() -> None:
    files, manifest = real_files("uberon")
    data = obo.load(files, replace(manifest, settings={}))
    assert dict(Counter(data.entities["category"].to_pylist()))["AnatomicalEntity"] == 4871
