"""The graph in the Knowledge Graph Exchange format (KGX), which Biolink's tools read.

Each evidence of an edge is a record of its own, as an association is in Biolink; records of one
edge have the same ends and predicate, and ids that begin with the edge's. Beside Biolink's own
columns there are some of ours, which other tools carry along: version and license of the source,
the date of curation, names for patients, why an entity is unfit as an answer. ``kgsynth
build-graph --source kgx=FOLDER`` reads all of it back.

Source: https://github.com/biolink/kgx/blob/master/specification/kgx-format.md
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.machine import WORDS as MACHINE
from kgsynth.graph.views.base import Part, Progress, Written, batches, column, new_file
from kgsynth.sources.frequency import parse_frequency

#: Columns of the node table -> KGX.
NODES = {
    "id": "id",
    "category": "category",
    "name": "name",
    "definition": "description",
    "synonyms": "synonym",
    "lay": "lay_synonym",
    # Biolink's related_synonym is a single text.
    "related_synonyms": "related_synonyms",
    "equivalent_ids": "equivalent_identifiers",
    "alt_ids": "has_alternative_id",
    "sources": "provided_by",
    "unfit": "unfit",
    "rarity_score": "rarity_score",
    "information_content": "information_content",
}
_QUALIFIERS = {
    "onset": "onset_qualifier",
    "sex": "sex_qualifier",
    "modifier": "clinical_modifier_qualifier",
}
_EVIDENCE = {
    "source": "primary_knowledge_source",
    "version": "source_version",
    "license": "source_license",
    "reference": "publications",
    "code": "has_evidence",
    "frequency": "frequency_qualifier",
    "date": "source_date",
}
#: House prefix -> Biolink's, where it has another one for the same ids.
PREFIXES = {
    "ChEMBL": "CHEMBL.COMPOUND",
    "DOI": "doi",
    "ISBN": "isbn",
    "ORPHA": "orphanet",
    "PubChem": "PUBCHEM.COMPOUND",
    "RxNorm": "RXNORM",
    "Wikidata": "WIKIDATA",
    "OMIMPS": "OMIM.PS",
    "DrugBank": "DRUGBANK",
    "hgnc.genegroup": "HGNC.FAMILY",
    "ICD10WHO": "ICD10",
    "InterPro": "interpro",
    "MedDRA": "MEDDRA",
    "MEDGEN": "medgen",
    "Pfam": "PFAM",
}
_JUDGEMENTS = ("contested", "redundant", "weak")
_LIST = pa.list_(pa.string())
#: What a cell of a table cannot hold, and an item of a list in it.
_BREAKS, _BAR = "[\t\n\r\x00]", "|"

_REMARKS = (
    "rarity, information content, contested, redundant and weak are the graph's own judgements: "
    "build-graph computes them anew and does not read them",
    "provided_by names the sources that describe a node; a graph built from these files names "
    "kgx instead",
)

#: Writes the rows of a table to a file.
_Put = Callable[[BinaryIO, pa.Table, Written], None]


def write_tsv(part: Part, out: Path, on_progress: Progress) -> Written:
    """Write ``nodes.tsv`` and ``edges.tsv``; see `base.Writer`."""
    return _write(part, out, "tsv", _put_rows, on_progress)


def write_jsonl(part: Part, out: Path, on_progress: Progress) -> Written:
    """Write ``nodes.jsonl`` and ``edges.jsonl``; see `base.Writer`."""
    return _write(part, out, "jsonl", _put_lines, on_progress)


def _write(part: Part, out: Path, ending: str, put: _Put, on_progress: Progress) -> Written:
    written = Written(remarks=_REMARKS)
    done = 0
    for name, table, shape in (
        ("nodes", part.nodes(), node_records),
        ("edges", part.edges(), edge_records),
    ):
        file = out / f"{name}.{ending}"
        count = 0
        with new_file(file) as handle:
            if ending == "tsv":
                handle.write("\t".join(shape(table.slice(0, 0)).column_names).encode() + b"\n")
            for rows in batches(table):
                records = shape(rows)
                put(handle, records, written)
                count += len(records)
                done += len(rows)
                on_progress(done)
        written.files.append(file)
        written.records[f"{name[:-1]} records"] = count
    return written


#: The last word of an evidence code: what Biolink calls its level of knowledge and its agent.
_MADE_BY = {
    **dict.fromkeys(("PCS", "TAS", "ICE"), ("knowledge_assertion", "manual_agent")),
    "IEA": ("knowledge_assertion", "automated_agent"),  # OMIM's clinical synopses, parsed
    **dict.fromkeys(MACHINE, ("not_provided", "text_mining_agent")),
}


def node_records(nodes: pa.Table) -> pa.Table:
    """Return rows of the node table as KGX has them; lists stay lists."""
    found = {kgx: column(nodes, name) for name, kgx in NODES.items() if name in nodes.column_names}
    found["id"] = spelled(found["id"])
    for name in ("equivalent_identifiers", "has_alternative_id"):
        if name in found:
            found[name] = _relisted(found[name], spelled(pc.list_flatten(found[name])))
    category = pc.binary_join_element_wise("biolink:", found["category"], "")
    offsets = pa.array(np.arange(len(nodes) + 1, dtype=np.int32))
    found["category"] = pa.ListArray.from_arrays(offsets, category)
    return pa.table(found)


def edge_records(edges: pa.Table) -> pa.Table:
    """Return rows of the edge table as KGX has them: one record for each evidence."""
    lists = column(edges, "evidence")
    owners = pc.list_parent_indices(lists)
    evidence = pc.list_flatten(lists)
    plain = {
        name: column(edges, name).take(owners)
        for name in ("subject", "predicate", "object", "negated", *_QUALIFIERS, *_JUDGEMENTS)
        if name in edges.column_names
    }
    told = {name: _field(evidence, name) for name in _EVIDENCE}
    size = len(owners)
    found: dict[str, Any] = {
        "id": _record_ids(column(edges, "id"), owners, lists),
        "subject": spelled(plain["subject"]),
        "predicate": pc.binary_join_element_wise("biolink:", plain["predicate"], ""),
        "object": spelled(plain["object"]),
        "category": _repeated("biolink:Association", size),
        "negated": plain["negated"],
        **{kgx: told[name] for name, kgx in _EVIDENCE.items()},
        "has_quotient": _quotients(told["frequency"], column(edges, "frequency_low").take(owners)),
        **{kgx: plain[name] for name, kgx in _QUALIFIERS.items() if name in plain},
        **_made_by(told["code"]),
        **{name: plain[name] for name in _JUDGEMENTS if name in plain},
    }
    source = _EVIDENCE["source"]
    found[source] = pc.binary_join_element_wise("infores:", found[source], "")
    found["publications"] = pc.split_pattern(found["publications"], _BAR)
    found["has_evidence"] = _singles(found["has_evidence"])
    return pa.table(found)


def spelled(ids: pa.Array) -> pa.Array:
    """Return ids with the prefixes that Biolink has for them.

    Example:
        >>> spelled(pa.array(["ORPHA:324", "HP:0001250"])).to_pylist()
        ['orphanet:324', 'HP:0001250']
    """
    for house, biolink in PREFIXES.items():
        if pc.any(pc.starts_with(ids, f"{house}:")).as_py():
            ids = pc.replace_substring_regex(ids, f"^{house.replace('.', '[.]')}:", f"{biolink}:")
    return ids


def _field(evidence: pa.Array, name: str) -> pa.Array:
    return pc.fill_null(pc.struct_field(evidence, name), "")


def _record_ids(ids: pa.Array, owners: pa.Array, lists: pa.Array) -> pa.Array:
    """Return an id for each evidence: the edge's; from the second one on with its number."""
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    starts = np.cumsum(sizes) - sizes
    parents = owners.to_numpy()
    number = np.arange(len(parents)) - starts[parents]
    tails = pc.binary_join_element_wise("-", pa.array(number + 1).cast(pa.string()), "")
    tails = pc.if_else(pa.array(number == 0), "", tails)
    return pc.binary_join_element_wise(ids.take(owners), tails, "")


def _made_by(codes: pa.Array) -> dict[str, pa.Array]:
    """Return Biolink's level of knowledge and kind of agent, where an evidence code tells them."""
    coded = codes.dictionary_encode()
    words = [(code.split() or [""])[-1] for code in coded.dictionary.to_pylist()]
    told = [_MADE_BY.get(word, ("not_provided", "not_provided")) for word in words]
    return {
        name: pa.array([one[at] for one in told], pa.string()).take(coded.indices)
        for at, name in enumerate(("knowledge_level", "agent_type"))
    }


def _repeated(text: str, size: int) -> pa.Array:
    offsets = pa.array(np.arange(size + 1, dtype=np.int32))
    return pa.ListArray.from_arrays(offsets, pa.repeat(text, size))


def _singles(texts: pa.Array) -> pa.Array:
    """Return each text as a list of one, "" as an empty list."""
    filled = np.asarray(pc.not_equal(texts, ""))
    offsets = np.zeros(len(texts) + 1, dtype=np.int32)
    np.cumsum(filled, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), texts.filter(pa.array(filled)))


def _quotients(frequency: pa.Array, low: pa.Array) -> pa.Array:
    """Return the least share of patients where the frequency's own words do not give it."""
    coded = frequency.dictionary_encode()
    silent = pa.array([_is_silent(text) for text in coded.dictionary.to_pylist()], pa.bool_())
    return pc.if_else(silent.take(coded.indices), low, pa.scalar(None, low.type))


def _is_silent(text: str) -> bool:
    try:
        return bool(text) and parse_frequency(text).share_low is None
    except ValueError:
        return True


# ---- tables --------------------------------------------------------------------------------


def _put_rows(handle: BinaryIO, records: pa.Table, written: Written) -> None:
    cells = [_cells(column(records, name), name, written) for name in records.column_names]
    lines = pc.binary_join_element_wise(*cells, "\t")
    if len(lines):
        whole = pc.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "\n")
        handle.write(whole[0].as_buffer())
        handle.write(b"\n")


def _cells(values: pa.Array, name: str, written: Written) -> pa.Array:
    if pa.types.is_list(values.type):
        if name != "publications":  # its own bars part it
            items = _replaced(pc.list_flatten(values), "[|]", f"{name}: a bar in an item", written)
            values = _relisted(values, items)
        values = pc.binary_join(values, _BAR)
    elif pa.types.is_boolean(values.type):
        # Some readers take any text for true.
        values = pc.if_else(values, "True", "")
    elif not pa.types.is_string(values.type):
        values = values.cast(pa.string())
    return _replaced(pc.fill_null(values, ""), _BREAKS, f"{name}: a tab or line end", written)


def _replaced(texts: pa.Array, pattern: str, what: str, written: Written) -> pa.Array:
    hit = pc.sum(pc.match_substring_regex(texts, pattern)).as_py() or 0
    if not hit:
        return texts
    written.lose(f"{what}, written as a blank (kgx-jsonl holds it)", hit)
    return pc.replace_substring_regex(texts, pattern, " ")


def _relisted(lists: pa.Array, items: pa.Array) -> pa.Array:
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    offsets = np.zeros(len(lists) + 1, dtype=np.int32)
    np.cumsum(sizes, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), items)


# ---- JSON Lines ----------------------------------------------------------------------------


def _put_lines(handle: BinaryIO, records: pa.Table, written: Written) -> None:
    handle.write("".join(_lines(records)).encode())


def _lines(records: pa.Table) -> Iterator[str]:
    for record in records.to_pylist():
        filled = {
            name: value for name, value in record.items() if value not in (None, "", [], [""])
        }
        yield json.dumps(filled, ensure_ascii=False) + "\n"
