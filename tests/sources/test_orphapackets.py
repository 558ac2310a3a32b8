"""ORPHApackets: every shape that they come in, and every record of the real ones."""

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgsynth.errors import SourceError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources import orphapackets
from kgsynth.sources.archives import members
from kgsynth.sources.base import NOT_WRONG, SourceData, SourceFile
from kgsynth.sources.manifests import read_manifest
from kgsynth.sources.orphanet_facts import read_facts, without_markup
from kgsynth.sources.orphapacket_text import read_packet

MANIFEST = read_manifest("orphapackets")

#: Fabry disease, cut down.
FABRY: dict[str, Any] = {
    "ORPHAcode": "324",
    "Label": "Fabry disease",
    "DisorderType": {"value": "Disease"},
    "creationDate": "2025-12-09 10:41:42",
    "Synonyms": [{"Synonym": "Anderson-Fabry disease"}],
    "TextSection": {"TextSectionType": "Definition", "Contents": "Variants of <i>GLA</i>."},
    "Parents": [{"Parent": [{"ORPHAcode": "79225", "Label": "Sphingolipidosis"}]}],
    "Phenotypes": [
        {"Phenotype": {"HPOId": "HP:0001071", "HPOFrequency": "Very frequent (99-80%)"}},
        {"Phenotype": {"HPOId": "HP:0001249", "HPOFrequency": "Excluded (0%)"}},
    ],
    "Genes": [
        {
            "Gene": {
                "Symbol": "GLA",
                "Name": "galactosidase alpha",
                "DisorderGeneAssociationType": "Disease-causing germline mutation(s) in",
                "ExternalReferences": [
                    {"Source": "HGNC", "Reference": "4296"},
                    {"Source": "OMIM", "Reference": "300644"},
                    {"Source": "ClinVar", "Reference": "GLA"},
                ],
            }
        }
    ],
    "AverageAgeOfOnsets": [{"AverageAgeOfOnset": {"value": "Childhood"}}],
    "TypeOfInheritances": [{"TypeOfInheritance": {"value": "X-linked recessive"}}],
    "Prevalences": [
        {
            "Prevalence": {
                "PrevalenceType": "Point prevalence",
                "PrevalenceClass": "1-9 / 100 000",
                "PrevalenceGeographic": "Europe",
            }
        }
    ],
    "ExternalReferences": [
        {
            "Source": "OMIM",
            "Reference": "301500",
            "DisorderMappingRelation": "E (Exact mapping: the two concepts are equivalent)",
        }
    ],
    "Children": [],
}

GENE: dict[str, Any] = FABRY["Genes"][0]["Gene"]

Pack = Callable[[Mapping[str, object]], SourceFile]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Return a function that writes an archive of members; a packet becomes JSON."""

    def write(named: Mapping[str, object]) -> SourceFile:
        file = tmp_path / "packets.tar"
        file.write_bytes(archive(named))
        return SourceFile(file)

    return write


def archive(named: Mapping[str, object]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, content in named.items():
            raw = content if isinstance(content, bytes) else packet(content)
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
    return stream.getvalue()


def packet(content: object) -> bytes:
    return json.dumps({"Orphapacket": content}).encode()


def load(source: SourceFile) -> SourceData:
    data = orphapackets.load((source,), MANIFEST)
    for tally in data.tallies:
        assert tally.read == tally.loaded + tally.merged + tally.rejected
    rejected = sum(tally.rejected for tally in data.tallies)
    assert rejected == len(data.rejections)
    return data


def load_one(pack: Pack, **changed: object) -> SourceData:
    return load(pack({"json/ORPHApacket_324.json": {**FABRY, **changed}}))


def said(data: SourceData) -> set[tuple[str, str, str, bool]]:
    names = ("subject", "predicate", "object", "negated")
    return {tuple(row[name] for name in names) for row in data.statements.to_pylist()}


def tally(data: SourceData, unit: str) -> tuple[int, int, int, int]:
    found = next(one for one in data.tallies if one.unit == unit)
    return found.read, found.loaded, found.merged, found.rejected


def tables(data: SourceData) -> list[Any]:
    return [
        data.entities.to_pylist(),
        data.statements.to_pylist(),
        data.mappings.to_pylist(),
        data.flags.to_pylist(),
        data.signals.to_pylist(),
        [(one.unit, one.read, one.loaded, one.merged, one.rejected) for one in data.tallies],
    ]


# ---- what a packet says ------------------------------------------------------------------------


def test_a_packet_says_findings_genes_course_and_kin(pack: Pack) -> None:
    fabry, gla = "ORPHA:324", "HGNC:4296"
    assert said(load_one(pack)) == {
        (fabry, "has_phenotype", "HP:0001071", False),  # angiokeratoma corporis diffusum
        (fabry, "has_phenotype", "HP:0001249", True),  # intellectual disability
        (fabry, "has_attribute", "HP:0011463", False),
        (fabry, "has_attribute", "KGSYNTH:PointPrevalenceEurope1to9in100000", False),
        (fabry, "has_mode_of_inheritance", "HP:0001419", False),
        (fabry, "subclass_of", "ORPHA:79225", False),
        (gla, "gene_associated_with_condition", fabry, False),
        (gla, "causes", fabry, False),
    }


def test_an_excluded_finding_is_a_denial_with_a_share_of_zero(pack: Pack) -> None:
    rows = load_one(pack).statements.to_pylist()
    denial = next(row for row in rows if row["negated"])
    assert (denial["object"], denial["frequency"]) == ("HP:0001249", "HP:0040285")
    assert denial["share_low"] == 0.0


def test_names_synonyms_and_a_definition_without_markup(pack: Pack) -> None:
    data = load_one(pack)
    fabry, gene, parent = (
        next(one for one in data.entities.to_pylist() if one["id"] == curie)
        for curie in ("ORPHA:324", "HGNC:4296", "ORPHA:79225")
    )
    assert (fabry["name"], fabry["category"]) == ("Fabry disease", "Disease")
    assert fabry["synonyms"] == ["Anderson-Fabry disease"]
    assert fabry["definition"] == "Variants of GLA."
    assert (gene["name"], gene["synonyms"]) == ("GLA", ["galactosidase alpha"])
    assert parent["name"] == "Sphingolipidosis"
    assert tally(data, "texts cleaned of markup") == (1, 1, 0, 0)


def test_a_parent_without_a_packet_of_its_own_is_named_and_unfit_as_an_answer(pack: Pack) -> None:
    assert load_one(pack).flags.to_pylist() == [{"entity": "ORPHA:79225", "flag": "group"}]


@pytest.mark.parametrize(
    ("kind", "flag"),
    [("Category", "category"), ("Clinical group", "group"), ("Etiological subtype", "subtype")],
)
def test_the_type_of_a_disorder_is_a_flag(pack: Pack, kind: str, flag: str) -> None:
    data = load_one(pack, DisorderType={"value": kind}, Parents=None)
    assert data.flags.to_pylist() == [{"entity": "ORPHA:324", "flag": flag}]


@pytest.mark.parametrize(
    ("relation", "predicate"),
    [
        ("E (Exact mapping: the two concepts are equivalent)", "exact"),
        ("NTBT (ORPHAcode is narrower …)", "broad"),
        ("BTNT (ORPHAcode is broader …)", "narrow"),
        ("ND (not yet decided/unable to decide …)", "related"),
    ],
)
def test_a_mapping_means_what_orphanet_says_of_it(
    pack: Pack, relation: str, predicate: str
) -> None:
    one = {"Source": "OMIM", "Reference": "301500", "DisorderMappingRelation": relation}
    data = load_one(pack, ExternalReferences=[one], Parents=None)
    found = [row for row in data.mappings.to_pylist() if row["subject"] == "ORPHA:324"]
    assert [(row["object"], row["predicate"]) for row in found] == [("OMIM:301500", predicate)]
    assert [one for one in said(data) if one[1] == "subclass_of"] == []


def test_the_gene_number_of_omim_is_close_and_never_merged(pack: Pack) -> None:
    found = {row["object"]: row["predicate"] for row in load_one(pack).mappings.to_pylist()}
    assert found == {"OMIM:301500": "exact", "OMIM:300644": "close"}


@pytest.mark.parametrize(
    ("association", "stronger"),
    [
        ("Disease-causing germline mutation(s) (loss of function) in", "causes"),
        ("Major susceptibility factor in", "contributes_to"),
        ("Modifying germline mutation in", "contributes_to"),
        ("Role in the phenotype of", "contributes_to"),
        ("Disease-causing somatic mutation(s) in", ""),
        ("Part of a fusion gene in", ""),
    ],
)
def test_gene_links_follow_the_conventions_of_the_excerpt(
    pack: Pack, association: str, stronger: str
) -> None:
    gene = {**GENE, "DisorderGeneAssociationType": association}
    links = {p for s, p, o, _ in said(load_one(pack, Genes=[{"Gene": gene}])) if s == "HGNC:4296"}
    assert links == {"gene_associated_with_condition", stronger} - {""}


def test_a_tested_candidate_is_not_associated(pack: Pack) -> None:
    gene = {**GENE, "DisorderGeneAssociationType": "Candidate gene tested in"}
    links = {p for s, p, _, _ in said(load_one(pack, Genes=[{"Gene": gene}])) if s == "HGNC:4296"}
    assert links == {"related_to"}


def test_past_history_is_no_finding(pack: Pack) -> None:
    mother = {"HPOId": "HP:0009800", "HPOFrequency": "Frequent (79-30%)"}  # maternal diabetes
    data = load_one(pack, Phenotypes=[{"Phenotype": mother}])
    assert ("ORPHA:324", "has_attribute", "HP:0009800", False) in said(data)


def test_every_prevalence_is_stated_and_the_best_one_is_the_signal(pack: Pack) -> None:
    def one(kind: str, place: str, share: str, source: str = "ORPHANET") -> dict[str, Any]:
        words = {"PrevalenceType": kind, "PrevalenceGeographic": place, "PrevalenceClass": share}
        return {"Prevalence": {**words, "Source": source}}

    data = load_one(
        pack,
        Prevalences=[
            one("Prevalence at birth", "Worldwide", ">1 / 1000"),
            one("Point prevalence", "Finland", "1-5 / 10 000"),
            one("Point prevalence", "Europe", "<1 / 1 000 000"),
            one("Point prevalence", "Europe", "1-9 / 1 000 000", "[EXPERT]_568179[PMID]_14[PMID]"),
            one("Point prevalence", "Europe", "1-9 / 1 000 000", "14[PMID]"),
            one("Point prevalence", "Worldwide", "Unknown"),
            one("Cases/families", "Worldwide", "no data"),
        ],
    )
    (signal,) = data.signals.to_pylist()
    assert signal["detail"] == "Point prevalence 1-9 / 1 000 000 (Europe)"
    assert signal["value"] == pytest.approx(0.8)
    assert tally(data, "prevalences") == (7, 4, 1, 2)
    said = [row for row in data.statements.to_pylist() if row["object"].startswith("KGSYNTH:")]
    assert [(row["object"], row["reference"]) for row in said] == [
        ("KGSYNTH:PrevalenceAtBirthWorldwideAbove1in1000", "ORPHA:324"),
        ("KGSYNTH:PointPrevalenceFinland1to5in10000", "ORPHA:324"),
        ("KGSYNTH:PointPrevalenceEuropeBelow1in1000000", "ORPHA:324"),
        ("KGSYNTH:PointPrevalenceEurope1to9in1000000", "PMID:568179"),
        ("KGSYNTH:PointPrevalenceEurope1to9in1000000", "PMID:14"),
    ]


@pytest.mark.parametrize(
    ("field", "singular", "word"),
    [
        ("AverageAgeOfOnsets", "AverageAgeOfOnset", "All ages"),
        ("TypeOfInheritances", "TypeOfInheritance", "Not applicable"),
    ],
)
def test_a_word_that_says_nothing_is_counted_and_no_mistake(
    pack: Pack, field: str, singular: str, word: str
) -> None:
    data = load_one(pack, **{field: [{singular: {"value": word}}]})
    assert data.rejections.codes == ["nothing_said"]
    assert set(data.rejections.codes) <= NOT_WRONG


def test_children_repeat_what_their_own_packets_say(pack: Pack) -> None:
    gene = GENE
    parent = {
        "ORPHAcode": "79225",
        "Label": "Sphingolipidosis",
        "DisorderType": {"value": "Clinical group"},
        "Children": [{"Child": {"ORPHAcode": "324", "Label": "Fabry disease", "Genes": [gene]}}],
    }
    both = load(pack({"a.json": parent, "b.json": FABRY}))
    assert tally(both, "children") == (1, 0, 1, 0)
    assert tally(both, "genes of children") == (1, 0, 1, 0)
    alone = load(pack({"a.json": parent}))
    assert tally(alone, "children") == (1, 1, 0, 0)
    assert ("HGNC:4296", "causes", "ORPHA:324", False) in said(alone)


# ---- shapes ------------------------------------------------------------------------------------

LISTS = {
    "Synonyms": "Synonym",
    "Parents": "Parent",
    "Phenotypes": "Phenotype",
    "Genes": "Gene",
    "AverageAgeOfOnsets": "AverageAgeOfOnset",
    "TypeOfInheritances": "TypeOfInheritance",
    "Prevalences": "Prevalence",
    "ExternalReferences": "ExternalReference",
}


@cache
def plainly() -> str:
    """What the packet says in its usual shape, as text that can be compared."""
    return _reshaped(FABRY)


def _reshaped(content: Mapping[str, Any]) -> str:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "packets.tar"
        file.write_bytes(archive({"a.json": content}))
        return json.dumps(tables(load(SourceFile(file))), sort_keys=True)


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({name: st.integers(0, 4) for name in LISTS}), st.booleans())
def test_every_shape_of_a_list_says_the_same(shapes: dict[str, int], numbers: bool) -> None:
    changed = dict(FABRY)
    for plural, singular in LISTS.items():
        bare = []
        for item in FABRY[plural]:
            inner = item.get(singular, item)
            bare += inner if isinstance(inner, list) else [inner]
        changed[plural] = [
            FABRY[plural],
            [{singular: one} for one in bare],
            {singular: bare},
            bare,
            bare[0] if len(bare) == 1 else [{singular: bare}],
        ][shapes[plural]]
    if numbers:
        changed["ORPHAcode"] = 324
    assert _reshaped(changed) == plainly()


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=3),
    st.dictionaries(st.sampled_from(["value", "Gene", "HPOId", "x"]), st.text(max_size=4)),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(field=st.sampled_from(sorted(FABRY)), junk=JUNK, wrap=st.booleans())
def test_wrong_types_anywhere_are_rejections(
    pack: Pack, field: str, junk: object, wrap: bool
) -> None:
    value = [{LISTS.get(field, field): junk}] if wrap else junk
    bad = {**FABRY, field: value}
    good = {"ORPHAcode": "558", "Label": "Marfan syndrome", "DisorderType": {"value": "Disease"}}
    data = load(pack({"bad.json": bad, "good.json": good}))
    assert "ORPHA:558" in data.entities["id"].to_pylist()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    which=st.sampled_from(["Genes", "Phenotypes", "Parents", "Prevalences", "ExternalReferences"]),
    data=st.data(),
)
def test_wrong_types_inside_a_record_reject_that_record(
    pack: Pack, which: str, data: st.DataObject
) -> None:
    (item, *_) = FABRY[which]
    record = item.get(LISTS[which], item)
    record = record[0] if isinstance(record, list) else record
    changed = {**record, data.draw(st.sampled_from(sorted(record))): data.draw(JUNK)}
    load(pack({"a.json": {**FABRY, which: [changed]}}))


# ---- bad members and archives ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bad.json", b"{", "bad_json"),
        ("bad.json", b"\xff\xfe\x00", "bad_json"),
        ("bad.json", b"[" * 100_000, "bad_json"),
        ("bad.json", b'{"Orphapacket": {"ORPHAcode": 1' + b"0" * 5000 + b"}}", "bad_json"),
        ("bad.json", b"[]", "bad_shape"),
        ("bad.json", packet({"ORPHAcode": "x", "Label": "y"}), "bad_identifier"),
        ("bad.json", packet({"ORPHAcode": "1"}), "no_name"),
        ("bad.json", packet({"ORPHAcode": "1", "Label": "\ud800"}), "bad_text"),
        ("README.md", b"# packets", "no_packet"),
        ("again.json", packet(FABRY), "duplicate"),
        ("bad.yaml", b"Orphapacket: {", "bad_yaml"),
        ("bad.yaml", b"a: &x [1, 2]\nOrphapacket: *x\n", "bad_yaml"),
        ("bad.yaml", b"Orphapacket: !!python/object/apply:os.system ['true']\n", "bad_yaml"),
        ("bad.yaml", b"[" * 300_000, "bad_yaml"),
        ("bad.yaml", b"? [a]\n: b\n", "bad_yaml"),
        ("bad.yaml", b"--- a\n--- b\n", "bad_yaml"),
    ],
)
def test_a_bad_member_is_rejected_by_name_and_the_rest_goes_on(
    pack: Pack, name: str, content: bytes, code: str
) -> None:
    source = pack({"good.json": FABRY, name: content})
    data = load(source)
    assert data.rejections.codes == [code]
    assert data.rejections.places == [f"{source.file}:{name}"]
    assert "\n" not in data.rejections.details[0]
    assert tally(data, "packets") == (2, 1, 0, 1)


def test_a_bomb_of_yaml_aliases_is_refused_before_it_grows(pack: Pack) -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    bomb = "\n".join([*lines, "Orphapacket: *a11"]).encode()
    assert load(pack({"a.json": FABRY, "b.yaml": bomb})).rejections.codes == ["bad_yaml"]


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        ({"Phenotypes": [{"HPOId": "HP:0001071", "HPOFrequency": "Often"}]}, "'Often'"),
        ({"Phenotypes": [{"HPOId": "MP:0001071"}]}, "MP:0001071"),
        (
            {"Genes": [{**GENE, "DisorderGeneAssociationType": "Cures"}]},
            "Cures",
        ),
        ({"DisorderType": {"value": "Rumor"}}, "Rumor"),
        ({"AverageAgeOfOnsets": {"AverageAgeOfOnset": {"value": "Teatime"}}}, "Teatime"),
    ],
)
def test_an_unknown_word_rejects_its_record_and_is_named(
    pack: Pack, words: dict[str, Any], detail: str
) -> None:
    data = load_one(pack, **words)
    assert len(data.rejections) == 1
    assert detail in data.rejections.details[0]
    assert data.rejections.codes[0] not in NOT_WRONG


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_archive_is_one_line(tmp_path: Path, keep: float) -> None:
    named = {f"{n}.json": {**FABRY, "ORPHAcode": str(n)} for n in range(1, 30)}
    raw = archive(named)
    file = tmp_path / "packets.tar"
    file.write_bytes(raw[: int(len(raw) * keep) // 512 * 512 + 100])
    with pytest.raises(SourceError, match="damaged or truncated") as caught:
        load(SourceFile(file))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"<html><body>404", b"\x00" * 2048, b"PK\x03\x04abc"])
def test_what_is_no_archive_is_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "packets.tar"
    file.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        load(SourceFile(file))
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


def test_an_archive_without_packets_says_the_first_problem(pack: Pack) -> None:
    with pytest.raises(SourceError, match=r"no ORPHApacket that can be read; .*bad\.json"):
        load(pack({"bad.json": b"{"}))


# ---- words -------------------------------------------------------------------------------------


def test_less_than_is_no_tag() -> None:
    text = "nerve conduction (< 10-12 m/s), <50 years or >60, <3 mm, <i<SYNE1</i>"
    assert without_markup(text) == "nerve conduction (< 10-12 m/s), <50 years or >60, <3 mm, <SYNE1"


def test_every_term_of_the_tables_is_an_hpo_term_of_that_branch() -> None:
    facts = read_facts(MANIFEST)
    for terms in (facts.onsets, facts.inheritances, facts.frequencies):
        for term in filter(None, terms.values()):
            assert term == normalize_curie(term)
    assert read_facts(read_manifest("orphapackets-yaml")) == facts


# ---- the real files ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared_data: Path) -> SourceData:
    return load(SourceFile(shared_data / "orphanet" / "orphapackets.json.tar.xz"))


@pytest.fixture(scope="module")
def counted(shared_data: Path) -> dict[str, int]:
    """What the manifest of the shared data counted in the same archive, by other code."""
    files = json.loads((shared_data / "MANIFEST.json").read_text(encoding="utf-8"))["files"]
    counts: dict[str, int] = next(
        one["counts"] for one in files if one["name"] == "orphapackets.json.tar"
    )
    return counts


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("packets", "packets"),
        ("phenotypes", "phenotype_annotations"),
        ("gene links", "gene_associations"),
        ("prevalences", "prevalences"),
        ("parents", "parents"),
        ("children", "children"),
        ("synonyms", "synonyms"),
        ("references", "xrefs_entries"),
    ],
)
def test_every_record_of_the_archive_is_accounted_for(
    real: SourceData, counted: dict[str, int], unit: str, name: str
) -> None:
    assert tally(real, unit)[0] == counted[name]


def test_nothing_in_the_real_archive_is_wrong(real: SourceData) -> None:
    assert set(real.rejections.codes) <= NOT_WRONG
    assert real.version == "2025-12-09"


def test_the_excluded_findings_are_the_denials(real: SourceData) -> None:
    assert sum(real.statements["negated"].to_pylist()) == 727


def test_yaml_and_json_say_the_same(shared_data: Path) -> None:
    folder = shared_data / "orphanet"
    yaml = dict(members(SourceFile(folder / "orphapackets_open_sample.yaml.tar.xz")))
    names = {Path(name).stem: name for name in yaml}
    seen = set()
    for name, raw in members(SourceFile(folder / "orphapackets.json.tar.xz")):
        stem = Path(name).stem
        if stem in names:
            assert read_packet(name, raw) == read_packet(names[stem], yaml[names[stem]])
            seen.add(stem)
    assert seen == set(names)
    assert len(seen) == 400


def test_fabry_disease_as_orphanet_has_it(real: SourceData) -> None:
    fabry = pc.equal(real.statements["line"], 324)
    own = [(row["predicate"], row["object"]) for row in real.statements.filter(fabry).to_pylist()]
    modes = {term for predicate, term in own if predicate == "has_mode_of_inheritance"}
    assert modes == {"HP:0001419", "HP:0001423"}
    assert ("causes", "ORPHA:324") in own
    exact = pc.and_(
        pc.equal(real.mappings["subject"], "ORPHA:324"),
        pc.equal(real.mappings["predicate"], "exact"),
    )
    assert real.mappings.filter(exact)["object"].to_pylist() == ["OMIM:301500"]
