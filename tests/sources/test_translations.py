"""Names in other languages, and names that patients use."""

from collections import Counter

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources import lay_synonyms, translations
from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.source_file import SourceFile
from tests.sources.conftest import Write
from tests.sources.real_files import assert_pinned, real_files

GERMAN = (
    "source_language\tsource_value\tsubject_id\tpredicate_id\ttranslation_language\t"
    "translation_value\ttranslation_status\n"
    "en\tSeizure\tHP:0001250\trdfs:label\tde\tKrampfanfall\tOFFICIAL\n"
    "en\tSeizure\tHP:0001250\toboInOwl:hasExactSynonym\tde\tAnfall\tOFFICIAL\n"
    "en\tSeizure\tHP:0001250\trdfs:label\tde\tKrampf\tCANDIDATE\n"
    "en\tAtaxia\tHP:0001251\trdfs:label\tde\tNA\tNOT_TRANSLATED\n"
    "en\tAtaxia\tataxia\trdfs:label\tde\tAtaxie\tOFFICIAL\n"
    "en\tAtaxia\tHP:0001251\trdfs:label\t!!\tAtaxie\tOFFICIAL\n"
    "en\tSeizure\tHP_0001250\trdfs:label\tde\tKrampfanfall\tOFFICIAL\n"
)
FRENCH = (
    "subject_id\ttranslation_value\tcomment\tStatus\tLine number\r\n"
    "ID\tAL oboInOwl:hasExactSynonym@fr\t\t\t\r\n"
    "HP:0000012\turgence mictionnelle|urgence urinaire\tsynonyms of HP:0000012\tOFFICIAL\t17\r\n"
    "HP:0000019\tTroubles du jet\tlabel of HP:0000019\tOFFICIAL\t9"
)
LAY = (
    "?term\t?term_label\t?layperson\n"
    '<http://purl.obolibrary.org/obo/HP_0025251>\t"Open comedo"@en\t"Blackhead"\n'
    '<http://purl.obolibrary.org/obo/HP_0005632>\t"Absent forearm"\t"Absent forearm"\n'
    '<http://purl.obolibrary.org/obo/HP_0005632>\t"Absent forearm"\t""\n'
)


def read(source: Write, text: str, role: str = "") -> SourceData:
    file = SourceFile(source("hp.tsv", text).file, role=role)
    return translations.load((file,), read_manifest("hp-translations"))


def names(data: SourceData) -> list[tuple[str, ...]]:
    columns = ("entity", "language", "text", "kind")
    return list(zip(*(data.names[name].to_pylist() for name in columns), strict=True))


def test_official_translations_are_names(source: Write) -> None:
    data = read(source, GERMAN)
    assert names(data) == [
        ("HP:0001250", "de", "Krampfanfall", "label"),
        ("HP:0001250", "de", "Anfall", "synonym"),
    ]
    assert Counter(data.rejections.codes) == {
        "not_official": 1,
        "not_translated": 1,
        "bad_identifier": 1,
        "no_language": 1,
    }
    rows = data.tallies[0]
    assert (rows.unit, rows.read, rows.loaded, rows.merged, rows.rejected) == (
        "rows de", 7, 2, 1, 4,
    )  # fmt: skip


def test_a_template_row_says_the_language_and_several_names_stand_in_a_cell(source: Write) -> None:
    data = read(source, FRENCH)
    assert names(data) == [
        ("HP:0000012", "fr", "urgence mictionnelle", "synonym"),
        ("HP:0000012", "fr", "urgence urinaire", "synonym"),
        ("HP:0000019", "fr", "Troubles du jet", "label"),
    ]
    assert data.names["line"].to_pylist() == [3, 3, 4]
    assert (data.tallies[0].unit, data.tallies[0].read) == ("rows fr", 2)


def test_the_role_of_a_file_names_the_language_where_nothing_else_does(source: Write) -> None:
    text = "subject_id\ttranslation_value\ttranslation_status\nHP:0001250\tConvulsão\tOFFICIAL\n"
    assert names(read(source, text, "pt"))[0][1] == "pt"
    assert read(source, text).rejections.codes == ["no_language"]


def test_a_table_of_something_else_is_refused(source: Write) -> None:
    with pytest.raises(SourceError, match="no column 'translation_value'"):
        read(source, "subject_id\tname\nHP:1\tx\n")


def test_lay_terms_lose_quotes_languages_and_brackets(source: Write) -> None:
    data = lay_synonyms.load((source("lay.tsv", LAY),), read_manifest("hp-lay"))
    assert names(data) == [
        ("HP:0025251", "en", "Blackhead", "lay"),
        ("HP:0005632", "en", "Absent forearm", "lay"),
    ]
    assert data.rejections.codes == ["no_name"]


def test_every_row_of_the_translations_is_accounted_for() -> None:
    assert_pinned("hp-translations")
    data = translations.load(*real_files("hp-translations"))
    counts = {t.unit: (t.read, t.loaded, t.merged, t.rejected) for t in data.tallies}
    assert counts == {
        "rows de": (3488, 587, 0, 2901),
        "rows es": (19932, 19932, 0, 0),
        "rows fr": (11815, 30, 2, 11783),  # and the row of the template
        "rows ja": (17868, 17649, 0, 219),
    }
    assert Counter(data.rejections.codes) == {"not_official": 12215, "not_translated": 2688}
    seizure = {
        (language, text) for curie, language, text, _ in names(data) if curie == "HP:0001250"
    }
    assert seizure == {("es", "Convulsiones"), ("ja", "発作")}
    assert not any(text.endswith("\r") for _, _, text, _ in names(data))


def test_every_lay_term_is_accounted_for() -> None:
    assert_pinned("hp-lay")
    data = lay_synonyms.load(*real_files("hp-lay"))
    assert (data.tallies[0].read, data.tallies[0].loaded) == (7186, 7186)
    assert not any(text.startswith(('"', "<http")) for _, _, text, _ in names(data))
    assert not any(text.endswith('"') or "@en" in text for _, _, text, _ in names(data))
