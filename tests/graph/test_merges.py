"""What is kept of who says that two ids mean the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.errors import UsageError
from kgsynth.graph.build import Graph, Loaded, build
from kgsynth.graph.cliques import cliques
from kgsynth.graph.leads import parse_leads
from kgsynth.graph.merges import merges_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.write import write_graph
from kgsynth.sources import obo
from kgsynth.sources.base import ENTITIES, MAPPINGS, STATEMENTS, SourceData, table
from kgsynth.sources.files import read_file, read_manifest

Mapping = tuple[str, str, str]
HYPP = "hyperkalemic periodic paralysis"


def source(
    names: dict[str, str],
    *mappings: Mapping,
    category: str = "Disease",
    said: dict[str, str] | None = None,
) -> SourceData:
    """Return what a source says: names, mappings, and of what something is a kind."""
    rows, links = list(names.items()), list((said or {}).items())
    return SourceData(
        version="v1",
        files=(read_file(Path(__file__)),),
        entities=table(
            ENTITIES,
            {
                "id": [curie for curie, _ in rows],
                "name": [name for _, name in rows],
                "category": [category] * len(rows),
            },
            len(rows),
        ),
        statements=table(
            STATEMENTS,
            {
                "subject": [one for one, _ in links],
                "predicate": ["subclass_of"] * len(links),
                "object": [other for _, other in links],
                "negated": [False] * len(links),
                "line": list(range(2, 2 + len(links))),
            },
            len(links),
        ),
        mappings=table(
            MAPPINGS,
            {
                "subject": [subject for subject, _, _ in mappings],
                "predicate": [predicate for _, predicate, _ in mappings],
                "object": [object_ for _, _, object_ in mappings],
                "justification": ["semapv:ManualMappingCuration"] * len(mappings),
                "line": list(range(2, 2 + len(mappings))),
            },
            len(mappings),
        ),
    )


@pytest.fixture
def terms(tmp_path: Path) -> Loaded:
    """One finding and the root above it, because a graph needs an edge."""
    file = tmp_path / "hp.obo"
    file.write_text(
        "format-version: 1.2\ndata-version: 1\n\n[Term]\nid: HP:0000118\n"
        "name: Phenotypic abnormality\n\n[Term]\nid: HP:0001324\nname: Muscle weakness\n"
        "is_a: HP:0000118\n"
    )
    manifest = read_manifest("hpo")
    return Loaded(manifest, obo.load((read_file(file),), manifest), ("hp.obo",))


def made(terms: Loaded, **sources: SourceData) -> Graph:
    manifest = read_manifest("mondo")
    loaded = {
        name: Loaded(replace(manifest, name=name, settings={}), data, (name,))
        for name, data in sources.items()
    }
    return build({"hpo": terms, **loaded})


def decided(graph: Graph) -> list[tuple[str, str, str, str, str]]:
    assert graph.merges is not None
    names = ("subject", "object", "source", "decision", "reason")
    return [tuple(row[name] for name in names) for row in graph.merges.to_pylist()]


def nodes(graph: Graph) -> dict[str, list[str]]:
    return {
        row["id"]: row["equivalent_ids"]
        for row in graph.nodes.to_pylist()
        if row["category"] != "PhenotypicFeature"
    }


def test_two_sources_that_state_one_pair_merge_it_once_and_both_are_kept(terms: Loaded) -> None:
    graph = made(
        terms,
        mondo=source({"MONDO:0008224": HYPP}, ("MONDO:0008224", "exact", "OMIM:170500")),
        omim=source({"OMIM:170500": HYPP}, ("OMIM:170500", "exact", "MONDO:0008224")),
    )
    assert nodes(graph) == {"MONDO:0008224": ["OMIM:170500"]}
    assert decided(graph) == [
        ("MONDO:0008224", "OMIM:170500", "mondo", "merged", ""),
        ("OMIM:170500", "MONDO:0008224", "omim", "merged", ""),
    ]
    assert graph.counts["merges"] == {"MONDO+OMIM": 1}


def test_every_authority_that_maps_to_the_leader_joins_it(terms: Loaded) -> None:
    said = [("MONDO:0008224", "exact", one) for one in ("OMIM:170500", "ORPHA:682", "DOID:14451")]
    graph = made(
        terms,
        mondo=source({"MONDO:0008224": HYPP}, *said),
        orphanet=source({"ORPHA:682": HYPP}, ("ORPHA:682", "exact", "OMIM:170500")),
    )
    assert nodes(graph) == {"MONDO:0008224": ["DOID:14451", "OMIM:170500", "ORPHA:682"]}
    assert {row[3] for row in decided(graph)} == {"merged"}


def test_a_chain_over_two_sources_is_not_closed(terms: Loaded) -> None:
    graph = made(
        terms,
        mondo=source({"MONDO:0008224": HYPP}, ("MONDO:0008224", "exact", "OMIM:170500")),
        orphanet=source({"ORPHA:682": "other"}, ("ORPHA:682", "exact", "OMIM:170500")),
    )
    assert nodes(graph) == {"MONDO:0008224": ["OMIM:170500"], "ORPHA:682": []}
    assert decided(graph)[1][3:] == ("refused", "chain")


@pytest.mark.parametrize("predicate", ["close", "broad", "narrow", "related"])
def test_only_exact_mappings_merge(terms: Loaded, predicate: str) -> None:
    graph = made(
        terms,
        mondo=source({"MONDO:0008224": HYPP}, ("MONDO:0008224", predicate, "OMIM:170500")),
        omim=source({"OMIM:170500": HYPP}),
    )
    assert set(nodes(graph)) == {"MONDO:0008224", "OMIM:170500"}
    assert decided(graph) == [("MONDO:0008224", "OMIM:170500", "mondo", "kept", "")]
    unfit = {row["id"]: row["unfit"] for row in graph.nodes.to_pylist()}
    assert unfit["OMIM:170500"] == ["same_name"]  # never "unmerged": nothing was refused


def test_mappings_of_entities_that_the_graph_does_not_have_are_counted_only(terms: Loaded) -> None:
    graph = made(terms, mondo=source({"MONDO:0008224": HYPP}, ("MONDO:1", "exact", "OMIM:1")))
    assert decided(graph) == []
    assert graph.counts["mappings"] == {"merged": 0, "refused": 0, "kept": 0, "outside": 1}


def test_a_disease_and_a_finding_are_never_one(terms: Loaded) -> None:
    graph = made(
        terms, mondo=source({"MONDO:0000001": "weakness"}, ("MONDO:0000001", "exact", "HP:0001324"))
    )
    assert decided(graph)[0][3:] == ("refused", "category")
    assert "MONDO:0000001" in nodes(graph)


def test_equal_symbols_count_only_where_no_source_maps_the_gene(terms: Loaded) -> None:
    # HGNC says which gene of NCBI it means; another gene bears the symbol as well.
    graph = made(
        terms,
        hgnc=source({"HGNC:4296": "GLA"}, ("HGNC:4296", "exact", "NCBIGene:2717"), category="Gene"),
        genes=source({"NCBIGene:2717": "GALA", "NCBIGene:9": "GLA"}, category="Gene"),
    )
    assert nodes(graph) == {"NCBIGene:2717": ["HGNC:4296"], "NCBIGene:9": []}
    assert [row[3:] for row in decided(graph)] == [("merged", ""), ("refused", "explicit")]


def test_the_mappings_of_an_entity_are_found_by_any_of_its_ids(terms: Loaded) -> None:
    graph = made(
        terms,
        mondo=source(
            {"MONDO:0008224": HYPP},
            ("MONDO:0008224", "related", "UMLS:C0238357"),
            ("MONDO:0008224", "exact", "OMIM:170500"),
        ),
    )
    assert graph.merges is not None
    found = merges_of(graph.merges, ["MONDO:0008224", "OMIM:170500"])
    assert [(one.predicate, one.object, one.decision) for one in found] == [
        ("exact", "OMIM:170500", "merged"),
        ("related", "UMLS:C0238357", "kept"),
    ]
    assert found[0].justification == "semapv:ManualMappingCuration"
    assert found[0].place == "test_merges.py:3"


def test_whose_id_leads_is_a_setting(terms: Loaded) -> None:
    mondo = source({"MONDO:0008224": HYPP}, ("MONDO:0008224", "exact", "OMIM:170500"))
    omim = source({"OMIM:170500": "HYPERKALEMIC PERIODIC PARALYSIS"})
    manifest = replace(read_manifest("mondo"), settings={})
    sources = {
        "hpo": terms,
        "mondo": Loaded(manifest, mondo, ("mondo",)),
        "omim": Loaded(manifest, omim, ("omim",)),
    }
    graph = build(sources, lead={"Disease": ["OMIM"]})
    assert nodes(graph) == {"OMIM:170500": ["MONDO:0008224"]}
    names = {row["id"]: row["name"] for row in graph.nodes.to_pylist()}
    assert names["OMIM:170500"] == "HYPERKALEMIC PERIODIC PARALYSIS"


def test_a_manifest_may_say_whose_ids_its_file_makes_usable(terms: Loaded) -> None:
    manifest = replace(read_manifest("mondo"), settings={"leads": {"Gene": "HGNC"}})
    hgnc = source({"HGNC:4296": "GLA"}, category="Gene")
    genes = source({"NCBIGene:2717": "GLA"}, category="Gene")
    loaded = {"hgnc": Loaded(manifest, hgnc, ("hgnc",)), "genes": Loaded(manifest, genes, ("g",))}
    assert nodes(build({"hpo": terms, **loaded})) == {"HGNC:4296": ["NCBIGene:2717"]}


def test_a_leader_that_nobody_describes_still_leads(terms: Loaded) -> None:
    graph = made(
        terms,
        hpoa=source({"OMIM:170500": HYPP}),
        maps=source({}, ("MONDO:0008224", "exact", "OMIM:170500")),
    )
    assert nodes(graph) == {"MONDO:0008224": ["OMIM:170500"]}


@pytest.mark.parametrize("text", ["Disease", "Disease=", "Illness=OMIM", "Disease=NOBODY"])
def test_a_lead_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected CATEGORY=AUTHORITY"):
        parse_leads(text)


def test_two_ids_that_a_source_calls_different_are_never_joined(terms: Loaded) -> None:
    graph = made(
        terms,
        mondo=source({"MONDO:0008224": HYPP}, ("MONDO:0008224", "exact", "OMIM:170500")),
        omim=source({"OMIM:170500": HYPP}, ("OMIM:170500", "different", "MONDO:0008224")),
    )
    assert set(nodes(graph)) == {"MONDO:0008224", "OMIM:170500"}
    assert [row[3:] for row in decided(graph)] == [("refused", "denied"), ("kept", "")]


@pytest.mark.parametrize("wanted", [False, True])
def test_a_broader_partner_is_a_parent_where_the_manifest_says_so(
    terms: Loaded, wanted: bool
) -> None:
    names = {"MONDO:0008224": HYPP, "ORPHA:206634": "genetic skeletal muscle disease"}
    data = source(names, ("MONDO:0008224", "broad", "ORPHA:206634"), ("OMIM:1", "broad", "OMIM:2"))
    manifest = replace(read_manifest("mondo"), settings={"broad_as_subclass": wanted})
    graph = build({"hpo": terms, "maps": Loaded(manifest, data, ("maps",))})
    found = [
        (row["subject"], row["object"], row["evidence"][0]["code"])
        for row in graph.edges.to_pylist()
        if row["predicate"] == "subclass_of" and row["subject"].startswith("MONDO")
    ]
    assert found == [("MONDO:0008224", "ORPHA:206634", "broad mapping")] * wanted
    assert not graph.rejections["graph"].codes


def test_a_broader_partner_that_is_a_child_elsewhere_stays_a_mapping(terms: Loaded) -> None:
    names = {"MONDO:0008224": HYPP, "ORPHA:206634": "genetic skeletal muscle disease"}
    maps = source(names, ("MONDO:0008224", "broad", "ORPHA:206634"))
    manifest = replace(read_manifest("mondo"), settings={"broad_as_subclass": True})
    other = source(names, said={"ORPHA:206634": "MONDO:0008224"})
    plain = Loaded(read_manifest("mondo"), other, ("other",))
    graph = build({"hpo": terms, "maps": Loaded(manifest, maps, ("maps",)), "other": plain})
    links = [row for row in graph.edges.to_pylist() if row["subject"].startswith(("MO", "OR"))]
    assert [(row["subject"], row["object"]) for row in links] == [("ORPHA:206634", "MONDO:0008224")]
    assert not graph.rejections["graph"].codes


def test_two_sources_that_disagree_who_is_above_are_not_wrong(terms: Loaded) -> None:
    names = {"MONDO:0008224": HYPP, "ORPHA:206634": "genetic skeletal muscle disease"}
    one = source(names, said={"MONDO:0008224": "ORPHA:206634"})
    other = source(names, said={"ORPHA:206634": "MONDO:0008224"})
    graph = made(terms, one=one, other=other)
    assert graph.rejections["graph"].codes == ["circle_of_sources"] * 2


def test_an_id_that_an_excerpt_leaves_out_is_no_error(terms: Loaded) -> None:
    # An excerpt of Mondo speaks of a record that it does not describe.
    part = source({"MONDO:0008224": HYPP}, said={"MONDO:0008224": "MONDO:0700223"})
    codes = []
    for excerpt in (False, True):
        manifest = replace(read_manifest("mondo"), settings={"excerpt": excerpt})
        graph = build({"hpo": terms, "mondo": Loaded(manifest, part, ("mondo",))})
        codes += graph.rejections["graph"].codes
    assert codes == ["unknown_id", "not_loaded"]


def test_a_clique_is_what_refused_mappings_tie_together(terms: Loaded, tmp_path: Path) -> None:
    # Sialidosis type 2, which Mondo calls the same as two records of OMIM.
    names = {"MONDO:0009738": "sialidosis type 2", "MONDO:0008224": HYPP}
    said = [("MONDO:0009738", "exact", one) for one in ("OMIM:256150", "OMIM:256550", "ORPHA:1")]
    graph = made(
        terms,
        mondo=source(names, *said, ("MONDO:0008224", "exact", "OMIM:170500")),
        hpoa=source({"OMIM:256150": "Nephrosialidosis", "OMIM:256550": "Neuraminidase deficiency"}),
    )
    write_graph(graph, tmp_path / "graph")
    (found,) = cliques(KnowledgeGraph.load(tmp_path / "graph"))
    assert (found.entities, found.doubled) == (3, ("OMIM",))
    assert [(one.id, one.entity, one.unfit) for one in found.members] == [
        ("MONDO:0009738", "MONDO:0009738", ()),
        ("ORPHA:1", "MONDO:0009738", ()),
        ("OMIM:256150", "OMIM:256150", ("unmerged",)),
        ("OMIM:256550", "OMIM:256550", ("unmerged",)),
    ]
    assert [row.object for row in found.refused] == ["OMIM:256150", "OMIM:256550"]


def test_the_clique_report_is_a_table_and_json(
    default_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["graph", "clique", "--graph", str(default_graph), "-n", "2"]) == 0
    out = capsys.readouterr().out
    assert "cliques with a refused mapping" in out
    assert "it would join two ids of one authority" in " ".join(out.split())
    assert run(["graph", "clique", "--graph", str(default_graph), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    sizes = [one["entities"] for one in report["shown"]]
    assert sizes == sorted(sizes, reverse=True)
    assert report["cliques"] > len(sizes) == 10


def test_a_disease_below_a_tumor_is_one_whatever_source_says_so(terms: Loaded) -> None:
    # Acromegaly: Mondo has it elsewhere, Orphanet below an adenoma of Mondo's. Li-Fraumeni
    # syndrome lies below both neoplasm and the syndromes that only lead to tumors.
    mondo = source(
        {
            "MONDO:0005070": "neoplasm",
            "MONDO:0006238": "pituitary gland adenoma",
            "MONDO:0019933": "acromegaly",
            "MONDO:0015356": "hereditary neoplastic syndrome",
            "MONDO:0018875": "Li-Fraumeni syndrome",
        },
        said={
            "MONDO:0006238": "MONDO:0005070",
            "MONDO:0015356": "MONDO:0005070",
            "MONDO:0018875": "MONDO:0015356",
        },
    )
    orphanet = source({}, said={"MONDO:0019933": "MONDO:0006238"})
    graph = made(terms, mondo=mondo, orphanet=orphanet)
    unfit = {row["id"]: row["unfit"] for row in graph.nodes.to_pylist()}
    assert unfit["MONDO:0006238"] == unfit["MONDO:0019933"] == ["neoplasm"]
    assert unfit["MONDO:0018875"] == []
