"""From what sources say to nodes and edges, on a graph small enough to check by eye."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kgsynth.graph.build import Graph, Loaded, build
from kgsynth.sources import hpo_genes, hpoa, obo
from kgsynth.sources.base import ENTITIES, FLAGS, MAPPINGS, SIGNALS, STATEMENTS, SourceData, table
from kgsynth.sources.files import read_file, read_manifest

# Seizure > Focal-onset seizure > Focal motor seizure; Skin rash beside it.
TERMS = """format-version: 1.2
data-version: hp/releases/2025-01-16

[Term]
id: HP:0000001
name: All

[Term]
id: HP:0000118
name: Phenotypic abnormality
is_a: HP:0000001

[Term]
id: HP:0012638
name: Abnormal nervous system physiology
is_a: HP:0000118

[Term]
id: HP:0001250
name: Seizure
alt_id: HP:0002279
synonym: "Fits" EXACT layperson []
is_a: HP:0012638

[Term]
id: HP:0007359
name: Focal-onset seizure
is_a: HP:0001250

[Term]
id: HP:0011153
name: Focal motor seizure
is_a: HP:0007359

[Term]
id: HP:0000988
name: Skin rash
is_a: HP:0000118

[Term]
id: HP:0010819
name: obsolete Fit
is_obsolete: true
replaced_by: HP:0001250

[Term]
id: HP:0000490
name: obsolete Lost
is_obsolete: true

[Term]
id: HP:0000005
name: Mode of inheritance
is_a: HP:0000001

[Term]
id: HP:0001442
name: Typified by somatic mosaicism
is_a: HP:0000005

[Term]
id: HP:0003674
name: Onset
is_a: HP:0000001
"""

DRAVET = "OMIM:607208\tDravet syndrome"
TWIN = "ORPHA:33069\tDravet syndrome"
PROTEUS = "OMIM:176920\tProteus syndrome"


class Small:
    """A graph made of text; every edge of it is at hand by its three names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terms = TERMS
        self.rows: list[str] = []
        self.genes: list[str] = []
        self.mondo: SourceData | None = None

    def note(
        self,
        disease: str,
        term: str,
        frequency: str = "",
        aspect: str = "P",
        reference: str = "PMID:1",
        **more: str,
    ) -> None:
        cells = [
            disease,
            more.get("qualifier", ""),
            term,
            reference,
            "PCS",
            more.get("onset", ""),
            frequency,
            more.get("sex", ""),
            "",
            aspect,
            more.get("by", "HPO:x"),
        ]
        self.rows.append("\t".join(cells) + "\n")

    def build(self) -> Graph:
        texts = {
            "hpo": self.terms,
            "hpoa": "#version: 2025-01-16\n" + "\t".join(hpoa.COLUMNS) + "\n" + "".join(self.rows),
        }
        if self.genes:
            texts["hpo-genes"] = "\t".join(hpo_genes.COLUMNS) + "\n" + "".join(self.genes)
        loaders = {"hpo": obo.load, "hpoa": hpoa.load, "hpo-genes": hpo_genes.load}
        sources = {}
        for name, text in texts.items():
            file = self.folder / name
            file.write_text(text, encoding="utf-8")
            manifest = read_manifest(name)
            sources[name] = Loaded(manifest, loaders[name]((read_file(file),), manifest), (name,))
        if self.mondo is not None:
            sources["mondo"] = Loaded(read_manifest("mondo"), self.mondo, ("mondo",))
        return build(sources)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


def mondo(
    *mappings: tuple[str, str],
    names: dict[str, str],
    parents: dict[str, str] | None = None,
    flags: dict[str, str] | None = None,
    signals: dict[str, float] | None = None,
) -> SourceData:
    parents, flags, signals = parents or {}, flags or {}, signals or {}
    lines = {
        "line": list(range(2, 2 + len(mappings))),
        "subject": [one for one, _ in mappings],
        "object": [other for _, other in mappings],
    }
    return SourceData(
        version="v1",
        files=(read_file(Path(__file__)),),
        entities=table(
            ENTITIES,
            {
                "id": list(names),
                "name": list(names.values()),
                "category": ["Disease"] * len(names),
                "synonyms": [["SMEI"] if "Dravet" in name else [] for name in names.values()],
            },
            len(names),
        ),
        statements=table(
            STATEMENTS,
            {
                "subject": list(parents),
                "predicate": ["subclass_of"] * len(parents),
                "object": list(parents.values()),
                "negated": [False] * len(parents),
                "line": list(range(2, 2 + len(parents))),
            },
            len(parents),
        ),
        mappings=table(MAPPINGS, lines, len(mappings)),
        flags=table(FLAGS, {"entity": list(flags), "flag": list(flags.values())}, len(flags)),
        signals=table(
            SIGNALS,
            {
                "entity": list(signals),
                "signal": ["prevalence"] * len(signals),
                "value": list(signals.values()),
            },
            len(signals),
        ),
    )


def edges(graph: Graph) -> dict[tuple[str, str, str, bool], dict[str, Any]]:
    names = ("subject", "predicate", "object", "negated")
    return {tuple(row[name] for name in names): row for row in graph.edges.to_pylist()}


def findings(graph: Graph) -> dict[tuple[str, str, bool], dict[str, Any]]:
    return {
        (subject, object_, negated): row
        for (subject, predicate, object_, negated), row in edges(graph).items()
        if predicate == "has_phenotype"
    }


def nodes(graph: Graph) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in graph.nodes.to_pylist()}


def rejected(graph: Graph) -> list[tuple[str, str]]:
    part = graph.rejections["graph"]
    return [
        (place.rpartition("/")[2], code)
        for place, code in zip(part.places, part.codes, strict=True)
    ]


# ---- twins ---------------------------------------------------------------------------------

DRAVET_TWINS = (("MONDO:0100135", "OMIM:607208"), ("MONDO:0100135", "ORPHA:33069"))


def test_twins_become_one_disease_with_every_name_and_all_evidence(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", "3/10")
    small.note("ORPHA:33069\tSevere myoclonic epilepsy", "HP:0001250", "HP:0040281")
    small.mondo = mondo(*DRAVET_TWINS, names={"MONDO:0100135": "Dravet syndrome"})
    graph = small.build()
    disease = nodes(graph)["MONDO:0100135"]
    assert disease["name"] == "Dravet syndrome"
    assert disease["synonyms"] == ["Severe myoclonic epilepsy", "SMEI"]
    assert disease["equivalent_ids"] == ["OMIM:607208", "ORPHA:33069"]
    assert sorted(disease["sources"]) == ["hpoa", "mondo"]
    assert "OMIM:607208" not in nodes(graph)
    (edge,) = findings(graph).values()
    assert [(e["source"], e["frequency"]) for e in edge["evidence"]] == [
        ("hpoa", "3/10"),
        ("hpoa", "HP:0040281"),
    ]
    assert graph.counts["merges"] == {"MONDO+OMIM": 1, "MONDO+ORPHA": 1}


def test_a_merge_of_two_ids_of_one_authority_is_refused_and_reported(small: Small) -> None:
    small.note(DRAVET, "HP:0001250")
    small.note(PROTEUS, "HP:0000988")
    small.mondo = mondo(
        ("MONDO:0100135", "OMIM:607208"),
        ("MONDO:0100135", "OMIM:176920"),
        names={"MONDO:0100135": "severe myoclonic epilepsy"},
    )
    graph = small.build()
    assert [code for _, code in rejected(graph)] == ["merge_refused", "merge_refused"]
    assert graph.counts["merges_refused"] == 2
    both = nodes(graph)
    assert both["OMIM:607208"]["unfit"] == both["OMIM:176920"]["unfit"] == ["unmerged"]
    assert both["MONDO:0100135"]["equivalent_ids"] == []


def test_an_id_that_two_classes_claim_is_merged_into_neither(small: Small) -> None:
    small.note(DRAVET, "HP:0001250")
    small.mondo = mondo(
        ("MONDO:0100135", "OMIM:607208"),
        ("MONDO:0000001", "OMIM:607208"),
        names={"MONDO:0100135": "severe myoclonic epilepsy", "MONDO:0000001": "disease"},
    )
    graph = small.build()
    assert nodes(graph)["OMIM:607208"]["unfit"] == ["unmerged"]
    assert graph.counts["merges"] == {}


def test_of_two_records_with_one_class_the_one_of_the_same_name_is_merged(small: Small) -> None:
    # As in the data: hemophilia A claims "Hemophilia A" and "Factor VIII deficiency".
    small.note("OMIM:306700\tHemophilia A", "HP:0001250")
    small.note("OMIM:134500\tFactor VIII deficiency", "HP:0000988")
    small.mondo = mondo(
        ("MONDO:0010602", "OMIM:134500"),
        ("MONDO:0010602", "OMIM:306700"),
        names={"MONDO:0010602": "hemophilia A"},
    )
    graph = small.build()
    assert [code for _, code in rejected(graph)] == ["merge_refused"]
    assert nodes(graph)["MONDO:0010602"]["equivalent_ids"] == ["OMIM:306700"]
    assert nodes(graph)["OMIM:134500"]["unfit"] == ["unmerged"]


def test_an_id_that_no_source_describes_takes_no_place_from_one_that_is(small: Small) -> None:
    small.note("ORPHA:558\tMarfan syndrome", "HP:0001250")
    small.mondo = mondo(
        ("MONDO:0007947", "ORPHA:558"),
        ("MONDO:0007947", "ORPHA:284963"),
        names={"MONDO:0007947": "Marfan disease"},
    )
    graph = small.build()
    assert nodes(graph)["MONDO:0007947"]["equivalent_ids"] == ["ORPHA:558"]
    assert [code for _, code in rejected(graph)] == ["merge_refused"]


# ---- denials, contradictions, repetitions --------------------------------------------------


def test_a_denial_is_an_edge_of_its_own_and_weak_where_one_or_two_were_examined(
    small: Small,
) -> None:
    small.note(DRAVET, "HP:0000988", "0/2")
    small.note(PROTEUS, "HP:0000988", "0/2")
    small.note(PROTEUS, "HP:0000988", "0/9", reference="PMID:2")
    small.note(TWIN, "HP:0000988", qualifier="NOT")
    graph = findings(small.build())
    assert {key: row["weak"] for key, row in graph.items()} == {
        ("OMIM:607208", "HP:0000988", True): True,
        ("OMIM:176920", "HP:0000988", True): False,
        ("ORPHA:33069", "HP:0000988", True): False,
    }


def test_a_denied_term_contests_every_assertion_below_it_and_none_above(small: Small) -> None:
    small.note(DRAVET, "HP:0012638")  # above what is denied: stands
    small.note(DRAVET, "HP:0001250", "0/5")
    small.note(DRAVET, "HP:0011153", "2/5")  # two levels below
    small.note(PROTEUS, "HP:0001250", "0/5")  # another disease: stands
    built = small.build()
    graph = findings(built)
    assert {key: row["contested"] for key, row in graph.items()} == {
        ("OMIM:607208", "HP:0012638", False): False,
        ("OMIM:607208", "HP:0001250", True): True,
        ("OMIM:607208", "HP:0011153", False): True,
        ("OMIM:176920", "HP:0001250", True): False,
    }
    assert built.counts["contested_pairs_exact"] == 0
    assert built.counts["contested_pairs_by_closure"] == 1


def test_a_pair_asserted_and_denied_as_it_stands_is_counted_apart(small: Small) -> None:
    small.note(DRAVET, "HP:0000988", "1/5")
    small.note(DRAVET, "HP:0000988", "0/5")
    counts = small.build().counts
    assert counts["contested_pairs_exact"] == counts["contested_pairs_by_closure"] == 1
    assert counts["contested_edges"] == 2


def test_a_finding_is_redundant_where_a_certain_descendant_is_recorded(small: Small) -> None:
    small.note(DRAVET, "HP:0001250")
    small.note(DRAVET, "HP:0011153")
    small.note(PROTEUS, "HP:0001250")
    small.note(PROTEUS, "HP:0007359", "2/9")
    small.note(PROTEUS, "HP:0007359", "0/9")  # contested: proves nothing
    graph = findings(small.build())
    redundant = {key for key, row in graph.items() if row["redundant"]}
    assert redundant == {("OMIM:607208", "HP:0001250", False)}


# ---- frequencies and qualifiers ------------------------------------------------------------


def test_counts_are_pooled_and_the_lowest_share_is_kept(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", "3/10")
    small.note(DRAVET, "HP:0001250", "9/10", reference="PMID:2")
    (edge,) = findings(small.build()).values()
    assert edge["frequency"] == "12/20"
    assert edge["frequency_low"] == pytest.approx(0.3)
    assert edge["patients"] == 12


def test_beside_a_term_the_frequency_is_that_of_the_lowest_evidence(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", "9/10")
    small.note(DRAVET, "HP:0001250", "HP:0040283", reference="PMID:2")
    small.note(DRAVET, "HP:0001250", "", reference="PMID:3")
    (edge,) = findings(small.build()).values()
    assert edge["frequency"] == "HP:0040283"
    assert edge["frequency_low"] == pytest.approx(0.05)
    assert edge["patients"] == 9


def test_what_no_evidence_gives_is_null(small: Small) -> None:
    small.note(DRAVET, "HP:0001250")
    (edge,) = findings(small.build()).values()
    names = ("frequency", "frequency_low", "patients", "onset", "sex")
    assert [edge[name] for name in names] == [None] * 5


def test_a_qualifier_is_kept_where_the_evidences_agree(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", sex="MALE", onset="HP:0003674")
    small.note(DRAVET, "HP:0001250", sex="FEMALE", reference="PMID:2")
    (edge,) = findings(small.build()).values()
    assert (edge["onset"], edge["sex"]) == ("HP:0003674", None)


def test_evidence_that_says_the_same_stands_once(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", "3/10", by="HPO:one")
    small.note(DRAVET, "HP:0001250", "3/10", by="HPO:two")
    (edge,) = findings(small.build()).values()
    assert len(edge["evidence"]) == 1
    assert edge["patients"] == 3


def test_evidence_has_the_latest_date_at_which_it_was_curated(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", "3/10", by="HPO:one[2009-02-17]")
    small.note(DRAVET, "HP:0001250", "3/10", by="HPO:one[2009-02-17];HPO:two[2024-05-31]")
    small.note(DRAVET, "HP:0001250", "3/10", by="HPO:one[2011-01-01]", reference="PMID:2")
    (edge,) = findings(small.build()).values()
    assert [(one["reference"], one["date"]) for one in edge["evidence"]] == [
        ("PMID:1", "2024-05-31"),
        ("PMID:2", "2011-01-01"),
    ]


def test_rows_that_are_one_evidence_still_disagree_in_sex(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", "3/10", sex="MALE")
    small.note(DRAVET, "HP:0001250", "3/10", sex="FEMALE")
    (edge,) = findings(small.build()).values()
    assert len(edge["evidence"]) == 1
    assert edge["sex"] is None


# ---- ids and categories --------------------------------------------------------------------


def test_alternative_and_obsolete_ids_resolve_or_are_rejected_with_their_line(
    small: Small,
) -> None:
    small.note(DRAVET, "HP:0002279")  # alt_id of Seizure
    small.note(PROTEUS, "HP:0010819")  # replaced by Seizure
    small.note(DRAVET, "HP:0000490")  # nothing replaces it
    small.note(DRAVET, "HP:7777777")
    graph = small.build()
    assert set(findings(graph)) == {
        ("OMIM:607208", "HP:0001250", False),
        ("OMIM:176920", "HP:0001250", False),
    }
    assert rejected(graph) == [("hpoa:5", "obsolete_id"), ("hpoa:6", "unknown_id")]


def test_aspect_and_branch_must_agree(small: Small) -> None:
    small.note(DRAVET, "HP:0003674")  # an onset as a phenotype
    small.note(DRAVET, "HP:0001250", aspect="I")  # a phenotype as an inheritance
    small.note(DRAVET, "HP:0003674", aspect="C")
    graph = small.build()
    assert rejected(graph) == [("hpoa:3", "wrong_category"), ("hpoa:4", "wrong_category")]
    made = set(edges(graph)) - {key for key in edges(graph) if key[1] == "subclass_of"}
    assert made == {("OMIM:607208", "has_attribute", "HP:0003674", False)}


def test_a_circle_is_cut_with_its_lines_and_the_rest_goes_on(small: Small) -> None:
    small.terms += "\n[Term]\nid: HP:9000001\nname: A\nis_a: HP:9000002\nis_a: HP:0000118\n"
    small.terms += "\n[Term]\nid: HP:9000002\nname: B\nis_a: HP:9000001\n"
    small.terms += "\n[Term]\nid: HP:9000003\nname: C\nis_a: HP:9000003\nis_a: HP:0000118\n"
    small.note(DRAVET, "HP:9000001")
    graph = small.build()
    assert sorted(code for _, code in rejected(graph)) == ["circle", "circle", "reflexive"]
    assert ("HP:9000001", "subclass_of", "HP:0000118", False) in edges(graph)
    assert ("HP:9000002", "subclass_of", "HP:9000001", False) not in edges(graph)


def test_genes_are_joined_to_merged_diseases(small: Small) -> None:
    small.note(DRAVET, "HP:0001250")
    small.genes.append("6323\tSCN1A\tHP:0001250\tSeizure\t-\tOMIM:607208\n")
    small.genes.append("6323\tSCN1A\tHP:0001250\tSeizure\t-\tORPHA:33069\n")
    small.mondo = mondo(*DRAVET_TWINS, names={"MONDO:0100135": "Dravet syndrome"})
    key = ("NCBIGene:6323", "gene_associated_with_condition", "MONDO:0100135", False)
    graph = small.build()
    assert edges(graph)[key]["evidence"][0]["source"] == "hpo-genes"
    gene = nodes(graph)["NCBIGene:6323"]
    assert (gene["name"], gene["phrase"], gene["category"]) == ("SCN1A", "SCN1A", "Gene")


def test_genes_of_two_authorities_with_one_symbol_are_one(small: Small) -> None:
    small.note(DRAVET, "HP:0001250")
    small.genes.append("203228\tC9orf72\tHP:0001250\tSeizure\t-\tOMIM:607208\n")
    small.genes.append("10108\t-\tHP:0001250\tSeizure\t-\tOMIM:607208\n")
    small.genes.append("7467\t-\tHP:0001250\tSeizure\t-\tOMIM:607208\n")
    genes = {"HGNC:28337": "C9ORF72"}
    small.mondo = replace(
        mondo(names={}),
        entities=table(
            ENTITIES,
            {"id": list(genes), "name": list(genes.values()), "category": ["Gene"]},
            len(genes),
        ),
    )
    found = {curie: row for curie, row in nodes(small.build()).items() if "Gene:" in curie}
    assert found["NCBIGene:203228"]["equivalent_ids"] == ["HGNC:28337"]
    assert found["NCBIGene:203228"]["name"] == "C9orf72"
    assert found["NCBIGene:10108"]["name"] == "NCBIGene:10108"
    assert found["NCBIGene:10108"]["unfit"] == ["unnamed"]
    assert "NCBIGene:7467" in found


# ---- grain, weight, rarity -----------------------------------------------------------------


def test_why_an_entity_is_unfit(small: Small) -> None:
    small.note(DRAVET, "HP:0001250")
    small.note(PROTEUS, "HP:0001442", aspect="I")
    small.note("OMIM:1\t{Epilepsy, susceptibility to, 1}", "HP:0001250")
    small.note("OMIM:2\tLi-Fraumeni syndrome", "HP:0001250")
    small.mondo = mondo(
        names={"MONDO:0000001": "disease"},
        flags={"MONDO:0000001": "group", "OMIM:2": "predisposition"},
    )
    graph = small.build()
    unfit = {curie: row["unfit"] for curie, row in nodes(graph).items() if row["is_group"]}
    assert unfit == {
        "HP:0000001": ["root"],
        "HP:0000005": ["root"],
        "HP:0003674": ["root"],
        "HP:0000118": ["root"],
        "HP:0012638": ["root"],
        "HP:0000988": ["root"],
        "MONDO:0000001": ["group"],
        "OMIM:176920": ["somatic"],
        "OMIM:1": ["susceptibility"],
    }


def test_information_content_is_the_share_of_diseases_under_a_term(small: Small) -> None:
    small.note(DRAVET, "HP:0011153")
    small.note(PROTEUS, "HP:0007359")
    small.note("OMIM:1\tX", "HP:0000988")
    small.note("OMIM:2\tY", "HP:0000988")
    small.note("OMIM:2\tY", "HP:0001250", "0/9")  # a denial counts for nothing
    bits = {curie: row["information_content"] for curie, row in nodes(small.build()).items()}
    assert bits["HP:0000118"] == 0
    assert bits["HP:0001250"] == 1
    assert bits["HP:0007359"] == 1
    assert bits["HP:0011153"] == 2
    assert bits["HP:0000988"] == 1
    assert bits["HP:0003674"] is None  # nothing is annotated with it
    assert bits["OMIM:1"] is None


def test_rarity_leaves_a_missing_signal_out(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", reference="")
    small.note(PROTEUS, "HP:0001250", reference="")
    small.mondo = mondo(names={}, signals={"OMIM:607208": 1.0})
    score = {curie: row["rarity_score"] for curie, row in nodes(small.build()).items()}
    degree = 1 / (1 + 0.30103)
    assert score["OMIM:176920"] == pytest.approx(degree, abs=1e-4)
    assert score["OMIM:607208"] == pytest.approx((4 * 1 + 0.5 * degree) / 4.5, abs=1e-4)
    assert score["HP:0000988"] is None


def test_a_gene_is_as_rare_as_the_commonest_of_its_diseases(small: Small) -> None:
    # SCN1A of Dravet syndrome and, made up, of Proteus syndrome; AKT1 of the latter alone.
    small.note(DRAVET, "HP:0001250")
    small.note(PROTEUS, "HP:0001250")
    small.genes = [
        "6323\tSCN1A\tHP:0001250\tSeizure\t-\tOMIM:607208\n",
        "6323\tSCN1A\tHP:0001250\tSeizure\t-\tOMIM:176920\n",
        "207\tAKT1\tHP:0001250\tSeizure\t-\tOMIM:176920\n",
    ]
    small.mondo = mondo(names={}, signals={"OMIM:607208": 0.2, "OMIM:176920": 1.0})
    graph = small.build()
    score = {curie: row["rarity_score"] for curie, row in nodes(graph).items()}
    assert score["NCBIGene:6323"] == score["OMIM:607208"] < score["OMIM:176920"]
    assert score["NCBIGene:207"] == score["OMIM:176920"]
    assert graph.settings["rarity"]["linked"]["entities"] == {"Gene": 2}


def test_counts_add_up(small: Small) -> None:
    small.note(DRAVET, "HP:0001250", "3/10")
    small.note(DRAVET, "HP:0001250", "4/10")
    small.note(DRAVET, "HP:7777777")
    counts = small.build().counts["statements"]
    assert counts["read"] == counts["edges"] + counts["merged"] + counts["rejected"]
    assert (counts["merged"], counts["rejected"]) == (1, 1)


def test_forms_of_one_disease_by_one_gene_make_no_group(small: Small) -> None:
    # Neurofibromatosis type 1 and its forms; retinitis pigmentosa and its kinds.
    names = {"MONDO:1": "neurofibromatosis type 1", "MONDO:4": "retinitis pigmentosa"}
    parents = {
        "MONDO:2": "MONDO:1",
        "MONDO:3": "MONDO:1",
        "MONDO:5": "MONDO:4",
        "MONDO:6": "MONDO:4",
    }
    genes = dict.fromkeys(("1", "2", "3"), 4763) | {"4": 6121, "5": 6121, "6": 5961}
    small.note("MONDO:1\tneurofibromatosis type 1", "HP:0000988")
    for disease, gene in genes.items():
        small.genes.append(f"{gene}\tG{gene}\tHP:0000988\tRash\t-\tMONDO:{disease}\n")
    small.mondo = mondo(
        names=names | dict.fromkeys(parents, "one form"),
        parents=parents,
        flags={"MONDO:1": "members", "MONDO:4": "members"},
    )
    graph = nodes(small.build())
    assert (graph["MONDO:1"]["unfit"], graph["MONDO:4"]["unfit"]) == ([], ["group"])


def test_records_that_a_group_claims_as_its_twins_are_its_members(small: Small) -> None:
    # Zellweger spectrum disorders, and two diseases of it.
    small.note("ORPHA:772\tInfantile Refsum disease", "HP:0000988")
    small.note("ORPHA:912\tZellweger syndrome", "HP:0001250")
    small.mondo = mondo(
        ("MONDO:0019609", "ORPHA:772"),
        ("MONDO:0019609", "ORPHA:912"),
        names={"MONDO:0019609": "Zellweger spectrum disorders"},
        flags={"MONDO:0019609": "group"},
    )
    graph = nodes(small.build())
    assert (graph["ORPHA:772"]["unfit"], graph["ORPHA:912"]["unfit"]) == ([], [])


def test_who_contradicts_whom_is_counted_by_source(small: Small) -> None:
    small.note(DRAVET, "HP:0000988", "1/5")
    small.note(DRAVET, "HP:0000988", "0/5")
    small.note(PROTEUS, "HP:0000988", "0/5")
    assert small.build().counts["contested_by_sources"] == {"hpoa / hpoa": 1}
