"""``kgsynth schema row``: the contract of a dataset, for other programs."""

import json

import click

_EPILOG = """\b
Example:
  kgsynth schema row > row.schema.json
"""


@click.group(epilog=_EPILOG)
def schema() -> None:
    """Print the JSON Schema of what kgsynth writes."""


@schema.command(epilog=_EPILOG)
def row() -> None:
    """Print the JSON Schema of a row: one line of a dataset."""
    # Imported here, so that `--help` loads nothing.
    from kgsynth.datasets.schema import row_schema

    click.echo(json.dumps(row_schema(), indent=2))
