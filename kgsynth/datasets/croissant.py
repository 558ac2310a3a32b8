"""Croissant metadata beside the card, so that dataset search and loaders can read a run.

Columns of texts, numbers and lists of texts are declared. The nested ones (query, proof, verdict)
are left to the card's features and to ``kgsynth schema row``: Croissant's own reader cannot cast
lists of records inside a line of JSON.

Source: Croissant 1.0, https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kgsynth.datasets.card import About, Source
from kgsynth.datasets.features import features_of
from kgsynth.datasets.files import Written

_TYPES = {
    "string": "sc:Text",
    "int64": "sc:Integer",
    "float64": "sc:Float",
    "bool": "sc:Boolean",
}

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def make_croissant(
    about: About, files: Mapping[str, Written], sources: Sequence[Source], record: type
) -> dict[str, Any]:
    """Return the metadata of a dataset as JSON-LD.

    Args:
        about: Name and date.
        files: What was written, by name: ``train.jsonl``.
        sources: Those that rows rest on.
        record: The record that a line holds.
    """
    licenses = sorted({source.license_url or source.license for source in sources})
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": "Multi-hop medical questions around rare diseases, each with an answer "
        "proved complete and unique from a knowledge graph, and reasoning that cites it.",
        "url": f"outputs/{about.name}/dataset",
        "version": "1.0.0",
        "license": licenses,
        "creator": {"@type": "sc:Organization", "name": "kgsynth"},
        "citeAs": "; ".join(sorted({source.citation for source in sources if source.citation})),
        "isBasedOn": [source.url for source in sources if source.url],
        **({"datePublished": about.published} if about.published else {}),
        "distribution": [_file(name, written) for name, written in files.items()],
        "recordSet": [_record_set(name, record) for name in files],
    }


def _file(name: str, written: Written) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{written.size} B",
        "encodingFormat": "application/jsonlines",
        "sha256": written.sha256,
    }


def _record_set(name: str, record: type) -> dict[str, Any]:
    split = name.removesuffix(".jsonl")
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "field": [
            _field(feature, split, name) for feature in features_of(record) if _is_flat(feature)
        ],
    }


def _is_flat(feature: Mapping[str, Any]) -> bool:
    """Say whether a column holds texts, numbers, or a list of them."""
    return isinstance(feature.get("list", feature.get("dtype")), str)


def _field(feature: Mapping[str, Any], parent: str, file: str) -> dict[str, Any]:
    """Return the declaration of one flat column."""
    identifier = f"{parent}/{feature['name']}"
    return {
        "@type": "cr:Field",
        "@id": identifier,
        "name": identifier,
        "dataType": _TYPES[feature.get("list", feature.get("dtype"))],
        **({"repeated": True} if "list" in feature else {}),
        "source": {"fileObject": {"@id": file}, "extract": {"column": feature["name"]}},
    }
