"""Hold KGX files against the Biolink Model with the package kgx: kgx_validator.py FORMAT FILE…

Run by `test_kgx.py` with a Python that has kgx and biolink-model; prints what is wrong as JSON.
The model is that of the installed package biolink-model, where kgx itself would fetch one.
"""

import importlib
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

_VALUE = re.compile(r"value '[^']*'")


class _Answer:
    """What a fetch would answer."""

    def __init__(self, text: str) -> None:
        self.text = text

    def json(self) -> Any:
        return json.loads(self.text)


def main(kind: str, files: list[str]) -> None:
    base = Path(next(iter(importlib.import_module("biolink_model").__path__)))
    model = str(base / "schema" / "biolink_model.yaml")
    prefixes = (base / "prefixmaps" / "biolink_model_prefix_map.json").read_text(encoding="utf-8")

    def answer(url: str, **_: object) -> _Answer:
        if "predicate_mapping" in url:
            return _Answer("predicate mappings: []")
        return _Answer(json.dumps({"@context": json.loads(prefixes)}))

    requests: Any = importlib.import_module("requests")
    requests.get = answer
    toolkit = importlib.import_module("bmt.toolkit")
    toolkit.Toolkit.__init__.__defaults__ = (model, toolkit.PREDICATE_MAP)
    validator = importlib.import_module("kgx.validator").Validator(schema=model)
    transformer = importlib.import_module("kgx.transformer").Transformer(stream=True)
    transformer.transform(
        input_args={"filename": files, "format": kind},
        output_args={"format": "null"},
        inspector=validator,
    )
    found: Counter[str] = Counter()
    for level, codes in validator.get_errors().items():
        for code, messages in codes.items():
            for message, ids in messages.items():
                found[f"{level} {code}: {_VALUE.sub('value …', message)}"] += len(ids)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
