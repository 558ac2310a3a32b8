"""The JSON Schema of a row, made from the record types: what other programs rely on."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from kgsynth.datasets.files import row_adapter

_ID = "https://json-schema.org/draft/2020-12/schema"

Field = core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField


class _EveryFieldRequired(GenerateJsonSchema):
    """A row as it is written: no field is ever left out, whatever its default."""

    def field_is_required(self, field: Field, total: bool) -> bool:
        return True


def row_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every line of a dataset satisfies."""
    schema = row_adapter().json_schema(schema_generator=_EveryFieldRequired)
    return {"$schema": _ID, **schema}
