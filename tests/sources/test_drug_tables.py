"""Reactome, DrugCentral, PharmacotherapyDB and MAxO: every row accounted for, every quirk known."""

from collections import Counter

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources import drugcentral, indications, maxo, reactome
from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.source_file import SourceFile
from tests.sources.conftest import Write
from tests.sources.real_files import assert_pinned, real_files

PATHWAYS = "\t".join(reactome.COLUMNS) + "\n" + (
    "R-HSA-109582\tHemostasis\t\t\t\tpw:0000001\tncbitaxon:9606\n"
    "R-HSA-76002\tPlatelets\t\t\t\treactome:R-HSA-109582|reactome:R-HSA-9\tncbitaxon:9606\n"
    "R-BTA-109582\tHemostasis\t\t\t\tpw:0000001\tncbitaxon:9913\n"
)  # fmt: skip
DRUGS = "\t".join(drugcentral.COLUMNS) + "\n" + (
    "100\tmethyl nicotinate\ta rubefacient\t(+)-Ajmaline|ajmaline HCl|Ajmaline\t\t\t\n"
    "101\tajmaline\tan antiarrhythmic\tnobody|knows\t\t\t\n"
    "102\temetine\t\temetine|ipecine\t\t\t\n"
)  # fmt: skip
PAIRS = "\t".join(indications.COLUMNS) + "\n" + (
    "DOID:10652\tDB00843\tAlzheimer's disease\tDonepezil\tDM\t2\t1\n"
    "DOID:10652\tDB00472\tAlzheimer's disease\tFluoxetine\tNOT\t3\t2\n"
    "DOID:2531\tDB00472\tcancer\tFluoxetine\tSYM\t1\t1\n"
)  # fmt: skip
ACTIONS = "\t".join(maxo.COLUMNS) + "\n" + (
    "MONDO:0008854\tBardet-Biedl syndrome 1\tPMID:20301537\tMAXO:0000088\tdietary intervention"
    "\tHP:0000819\ttreats\tTAS\t\t\t\t\tORCID:0000-0001-7941-2961\t2023-01-31\t2022-01-06\n"
    "MONDO:0005130\tceliac disease\tPMID:1\tMAXO:0010000\tdietary gluten intake avoidance"
    "\tHP:0000118\tlack of observed response\tPCS\t\t\t\t\tORCID:0000-0002-0736-9199\t\t7/20/24\n"
    "MONDO:0005130\tceliac disease\tPMID:2\tMAXO:0010000\tdietary gluten intake avoidance\t"
    "\tunknown\tPCS\t\t\t\t\tORCID:0000-0002-0736-9199\t\t2024-08-02\n"
)  # fmt: skip


def stated(data: SourceData, *more: str) -> list[tuple[object, ...]]:
    columns = data.statements.select(["subject", "predicate", "object", *more]).to_pylist()
    return [tuple(row.values()) for row in columns]


def counts(data: SourceData) -> dict[str, tuple[int, int, int, int]]:
    return {one.unit: (one.read, one.loaded, one.merged, one.rejected) for one in data.tallies}


def codes(data: SourceData) -> dict[str, str]:
    return {
        place.rpartition(":")[2]: code
        for place, code in zip(data.rejections.places, data.rejections.codes, strict=True)
    }


# ---- Reactome ------------------------------------------------------------------------------


def test_a_pathway_is_part_of_its_parents_and_other_species_are_counted(source: Write) -> None:
    data = reactome.load((source("r.tsv", PATHWAYS),), read_manifest("reactome"))
    assert stated(data, "line") == [
        ("REACT:R-HSA-76002", "part_of", "REACT:R-HSA-109582", 3),
        ("REACT:R-HSA-76002", "part_of", "REACT:R-HSA-9", 3),
    ]
    assert codes(data) == {"2": "top_level", "4": "other_species"}
    assert counts(data) == {"rows": (3, 2, 0, 1), "parents": (3, 2, 0, 1)}
    assert data.entities["category"].to_pylist() == ["Pathway", "Pathway"]


def test_wrong_rows_of_reactome_are_rejected(source: Write) -> None:
    rows = (
        "R-HSA-109582\tagain\t\t\t\t\tncbitaxon:9606\n"
        "\tno id\t\t\t\t\tncbitaxon:9606\n"
        "R-HSA-1\tparent\t\t\t\tnothing\tncbitaxon:9606\n"
        "short\trow\n"
    )
    data = reactome.load((source("r.tsv", PATHWAYS + rows),), read_manifest("reactome"))
    found = codes(data)
    assert [found[line] for line in ("5", "6", "7", "8")] == [
        *("duplicate", "bad_identifier", "bad_identifier", "column_count")
    ]


def test_the_real_reactome_has_every_species_and_2825_human_pathways() -> None:
    assert_pinned("reactome")
    data = reactome.load(*real_files("reactome"))
    assert counts(data) == {"rows": (23157, 2825, 0, 20332), "parents": (2870, 2841, 0, 29)}
    assert Counter(data.rejections.codes) == {"other_species": 20332, "top_level": 29}
    assert not any(data.entities["definition"].to_pylist())
    assert (
        "Biosynthesis of electrophilic ω-3 PUFA oxo-derivatives"
        in data.entities["name"].to_pylist()
    )
    known = set(data.entities["id"].to_pylist())
    assert {parent for _, _, parent in stated(data)} <= known


# ---- DrugCentral ---------------------------------------------------------------------------


def test_a_list_of_synonyms_goes_to_the_drug_whose_name_it_has(source: Write) -> None:
    data = drugcentral.load((source("d.tsv", DRUGS),), read_manifest("drugcentral"))
    rows = {row["id"]: row for row in data.entities.to_pylist()}
    assert rows["DrugCentral:100"]["synonyms"] == []
    assert rows["DrugCentral:101"]["synonyms"] == ["(+)-Ajmaline", "ajmaline HCl"]
    assert rows["DrugCentral:102"]["synonyms"] == ["ipecine"]
    assert rows["DrugCentral:100"]["definition"] == "a rubefacient"
    assert codes(data) == {"3": "misplaced_synonyms"}
    assert counts(data)["lists of synonyms"] == (3, 2, 0, 1)


def test_the_real_drugcentral_is_out_of_step_with_its_synonyms() -> None:
    assert_pinned("drugcentral")
    data = drugcentral.load(*real_files("drugcentral"))
    assert counts(data) == {"rows": (4995, 4995, 0, 0), "lists of synonyms": (4030, 4030, 0, 0)}
    rows = {row["name"]: row for row in data.entities.to_pylist()}
    assert "(+)-Ajmaline" in rows["ajmaline"]["synonyms"]
    assert "gazyvaro" in rows["obinutuzumab"]["synonyms"]
    assert "gazyvaro" not in rows["insulin beef"]["synonyms"]


# ---- PharmacotherapyDB ---------------------------------------------------------------------


def test_a_pair_that_is_no_indication_is_a_denial(source: Write) -> None:
    data = indications.load((source("i.tsv", PAIRS),), read_manifest("indications"))
    assert stated(data, "negated", "code") == [
        ("DrugBank:DB00843", "treats", "DOID:10652", False, "DM"),
        ("DrugBank:DB00472", "treats", "DOID:10652", True, "NOT"),
        ("DrugBank:DB00472", "ameliorates_condition", "DOID:2531", False, "SYM"),
    ]
    assert Counter(data.entities["category"].to_pylist()) == {"Drug": 2, "Disease": 2}


def test_wrong_rows_of_indications_are_rejected(source: Write) -> None:
    rows = (
        "DOID:10652\tDB00843\tAlzheimer's disease\tDonepezil\tSYM\t2\t1\n"
        "DOID:10652\tDB1\ta\tb\tMAYBE\t2\t1\n"
        "nothing\tDB1\ta\tb\tDM\t2\t1\n"
    )
    data = indications.load((source("i.tsv", PAIRS + rows),), read_manifest("indications"))
    assert codes(data) == {"5": "duplicate", "6": "unknown_category", "7": "bad_identifier"}
    assert counts(data) == {"indications": (6, 3, 0, 3)}


def test_the_tables_of_drugs_and_diseases_name_what_has_no_indication(source: Write) -> None:
    drugs = (
        "\t".join(indications.DRUGS)
        + "\nDB00843\tDonepezil\t1\t0\t0\t1\nDB7\tNew\t0\t0\t0\t0\nx y\tBad\t0\t0\t0\t0\n"
    )
    pairs, table = source("i.tsv", PAIRS), source("d.tsv", drugs)
    files = SourceFile(pairs.file, role="indications"), SourceFile(table.file, role="drugs")
    data = indications.load(files, read_manifest("indications"))
    assert counts(data)["drugs"] == (3, 1, 1, 1)
    assert "DrugBank:DB7" in data.entities["id"].to_pylist()
    assert data.rejections.places == [f"{table.file}:4"]


def test_the_real_indications_are_accounted_for() -> None:
    assert_pinned("indications")
    data = indications.load(*real_files("indications"))
    assert counts(data) == {
        "indications": (1388, 1388, 0, 0),
        "drugs": (601, 0, 601, 0),
        "diseases": (97, 0, 97, 0),
    }
    assert Counter(data.statements["code"].to_pylist()) == {"DM": 755, "SYM": 390, "NOT": 243}
    assert sum(data.statements["negated"].to_pylist()) == 243


# ---- MAxO ----------------------------------------------------------------------------------


def test_an_action_treats_a_disease_as_to_one_finding(source: Write) -> None:
    data = maxo.load((source("m.tsv", ACTIONS),), read_manifest("maxo-annotations"))
    assert stated(data, "negated", "modifier", "code", "date") == [
        ("MAXO:0000088", "treats", "MONDO:0008854", False, "HP:0000819", "TAS", "2023-01-31"),
        ("MAXO:0010000", "treats", "MONDO:0005130", True, "", "PCS", "2024-07-20"),
    ]
    assert codes(data) == {"4": "nothing_said"}
    assert counts(data) == {"rows": (3, 2, 0, 1)}


def test_what_a_machine_proposed_says_so_in_its_code(source: Write) -> None:
    head, first, second, _ = ACTIONS.splitlines(keepends=True)
    every, machine = source("m.tsv", head + first + second), source("a.tsv", head + second)
    files = SourceFile(every.file, role="annotations"), SourceFile(machine.file, role="machine")
    data = maxo.load(files, read_manifest("maxo-annotations"))
    assert data.statements["code"].to_pylist() == ["TAS", "PCS automaxo"]
    alone = maxo.load((machine,), read_manifest("automaxo"))
    assert alone.statements["code"].to_pylist() == ["PCS automaxo"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("relation", "cures", "unknown_relation"),
        ("maxo_id", "surgery", "bad_identifier"),
        ("disease_id", "", "bad_identifier"),
        ("hpo_id", "seizure", "bad_identifier"),
    ],
)
def test_a_wrong_annotation_is_rejected(source: Write, column: str, value: str, code: str) -> None:
    head, row = ACTIONS.splitlines()[:2]
    cells = row.split("\t")
    cells[maxo.COLUMNS.index(column)] = value
    data = maxo.load((source("m.tsv", f"{head}\n" + "\t".join(cells)),), read_manifest("automaxo"))
    assert codes(data) == {"2": code}
    assert counts(data) == {"rows": (1, 0, 0, 1)}


def test_the_real_annotations_hold_all_of_automaxo_without_saying_so() -> None:
    assert_pinned("maxo-annotations")
    assert_pinned("automaxo")
    data = maxo.load(*real_files("maxo-annotations"))
    assert counts(data) == {"rows": (976, 966, 0, 10)}
    assert Counter(data.statements["code"].to_pylist()) == {
        "PCS automaxo": 528, "TAS": 400, "PCS": 38
    }  # fmt: skip
    alone = maxo.load(*real_files("automaxo"))
    assert counts(alone) == {"rows": (538, 528, 0, 10)}
    dates = set(data.statements["date"].to_pylist())
    assert all(len(date) == 10 and date[4] == date[7] == "-" for date in dates)


def test_a_source_without_its_first_file_is_refused(source: Write) -> None:
    file = SourceFile(source("x.tsv", ACTIONS).file, role="machine")
    with pytest.raises(SourceError, match="no file with role 'annotations'; found machine"):
        maxo.load((file,), read_manifest("maxo-annotations"))
