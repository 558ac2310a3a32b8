"""HPO annotations: what a row says, and what becomes of a wrong one."""

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.frequency import parse_frequency
from kgsynth.sources.hpoa import COLUMNS, load
from tests.sources.conftest import Write

HEAD = '#description: "HPO annotations"\n#version: 2025-01-16\n'
NAMES = "\t".join(COLUMNS) + "\n"
GOOD = "OMIM:301500\tFabry disease\t\tHP:0001250\tPMID:1\tPCS\t\t3/10\t\t\tP\tHPO:x[2021-04-05]\n"


def row(**changed: str) -> str:
    cells = dict(zip(COLUMNS, GOOD.rstrip("\n").split("\t"), strict=True))
    return "\t".join({**cells, **changed}.values()) + "\n"


def read(source: Write, *rows: str) -> SourceData:
    return load((source("phenotype.hpoa", HEAD + NAMES + "".join(rows)),), read_manifest("hpoa"))


def test_a_row_becomes_a_statement(source: Write) -> None:
    data = read(source, row(onset="HP:0003577", sex="MALE", modifier="HP:0012828"))
    assert data.version == "2025-01-16"
    (statement,) = data.statements.to_pylist()
    assert statement.pop("share_low") == pytest.approx(0.3)
    assert statement == {
        "subject": "OMIM:301500",
        "predicate": "has_phenotype",
        "object": "HP:0001250",
        "negated": False,
        "reference": "PMID:1",
        "code": "PCS",
        "frequency": "3/10",
        "affected": 3,
        "examined": 10,
        "onset": "HP:0003577",
        "sex": "male",
        "modifier": "HP:0012828",
        "date": "2021-04-05",
        "line": 4,
        "file": None,
        "credit": None,
    }


@pytest.mark.parametrize(
    ("biocuration", "date"),
    [
        ("HPO:skoehler[2009-02-17];HPO:probinson[2024-05-31]", "2024-05-31"),
        ("HPO:probinson[2024-05-31];HPO:skoehler[2009-02-17]", "2024-05-31"),
        ("HPO:iea[2021]", ""),
        ("", ""),
    ],
)
def test_the_date_is_that_of_the_last_curator(source: Write, biocuration: str, date: str) -> None:
    data = read(source, row(biocuration=biocuration))
    assert data.statements["date"].to_pylist() == [date]


@pytest.mark.parametrize(
    "changed",
    [
        {"qualifier": "NOT", "frequency": ""},
        {"frequency": "0/7"},
        {"frequency": "HP:0040285"},
        {"frequency": "0%"},
    ],
)
def test_all_spellings_of_a_denial_are_negated(source: Write, changed: dict[str, str]) -> None:
    assert read(source, row(**changed)).statements["negated"].to_pylist() == [True]


@pytest.mark.parametrize(
    ("aspect", "predicate"),
    [
        ("P", "has_phenotype"),
        ("I", "has_mode_of_inheritance"),
        ("C", "has_attribute"),
        ("M", "has_attribute"),
        ("H", "has_attribute"),
    ],
)
def test_the_aspect_names_the_predicate(source: Write, aspect: str, predicate: str) -> None:
    data = read(source, row(aspect=aspect))
    assert data.statements["predicate"].to_pylist() == [predicate]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (GOOD.replace("\tPCS", ""), "column_count"),
        (GOOD.rstrip("\n") + "\tmore\n", "column_count"),
        (row(aspect="X"), "unknown_aspect"),
        (row(qualifier="MAYBE"), "unknown_qualifier"),
        (row(sex="both"), "unknown_sex"),
        (row(frequency="7/3"), "bad_frequency"),
        (row(frequency="often"), "bad_frequency"),
        (row(hpo_id="seizure"), "bad_identifier"),
        (row(database_id="XYZ:1"), "bad_identifier"),
        (GOOD, "duplicate"),
    ],
)
def test_a_wrong_row_is_rejected_with_its_line_and_the_rest_goes_on(
    source: Write, bad: str, code: str
) -> None:
    last = row(hpo_id="HP:0001297")
    data = read(source, GOOD, bad, last)
    assert data.rejections.codes == [code]
    assert data.rejections.places[0].endswith("phenotype.hpoa:5")
    assert data.statements["object"].to_pylist() == ["HP:0001250", "HP:0001297"]
    assert data.statements["line"].to_pylist() == [4, 6]
    (tally,) = data.tallies
    assert (tally.read, tally.loaded, tally.merged, tally.rejected) == (3, 2, 0, 1)


def test_blank_lines_are_no_rows_and_keep_the_line_numbers(source: Write) -> None:
    data = read(source, GOOD, "\n", row(hpo_id="HP:0001297"))
    assert data.statements["line"].to_pylist() == [4, 6]
    assert data.tallies[0].read == 2


def test_quotes_in_cells_are_text(source: Write) -> None:
    data = read(source, row(disease_name='"Fabry'), row(disease_name="Anderson", hpo_id="HP:1"))
    assert data.entities.to_pylist()[0]["name"] == '"Fabry'
    assert data.entities.to_pylist()[0]["synonyms"] == ["Anderson"]


def test_windows_line_ends_and_a_missing_last_one_change_nothing(source: Write) -> None:
    plain = read(source, GOOD, row(hpo_id="HP:0001297"))
    text = (HEAD + NAMES + GOOD + row(hpo_id="HP:0001297")).replace("\n", "\r\n").rstrip("\r\n")
    other = load((source("crlf.hpoa", text),), read_manifest("hpoa"))
    assert other.statements.equals(plain.statements)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD, ":1: expected the column names database_id, disease_name"),
        (HEAD + GOOD, ":3: expected the column names"),
        (HEAD, "no column names; expected"),
        (HEAD + NAMES, "no rows below the column names"),
        (HEAD + NAMES + "a\tb\n", ":4: no row has 12 tab-separated columns"),
        (HEAD + NAMES.replace("\t", ","), ":3: expected the column names"),
    ],
)
def test_a_file_without_its_header_is_refused(source: Write, text: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        load((source("phenotype.hpoa", text),), read_manifest("hpoa"))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_the_older_spelling_of_the_header_is_read(source: Write) -> None:
    data = load((source("old.hpoa", HEAD + "#" + NAMES + GOOD),), read_manifest("hpoa"))
    assert len(data.statements) == 1


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("", None),
        ("-", None),
        ("3/10", 0.3),
        ("0/7", 0.0),
        ("17%", 0.17),
        ("76.3%", 0.763),
        ("HP:0040280", 1.0),
        ("HP:0040281", 0.8),
        ("HP:0040282", 0.3),
        ("HP:0040283", 0.05),
        ("HP:0040284", 0.01),
        ("HP:0040285", 0.0),
    ],
)
def test_the_lowest_share_that_a_frequency_allows(text: str, share: float | None) -> None:
    assert parse_frequency(text).share_low == share


@pytest.mark.parametrize("text", ["3/0", "0/0", "120%", "HP:0001250", "1/2/3", "-3/4"])
def test_what_is_no_frequency_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no frequency|more patients"):
        parse_frequency(text)
