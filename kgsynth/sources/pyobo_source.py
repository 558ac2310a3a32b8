"""Any source that the package pyobo can load, by its prefix: ``--source pyobo:drugbank``.

pyobo knows where some hundred databases are, fetches them and makes ontologies of them. What it
makes is written once as OBO into the cache, and read from there as every other OBO file is, with
places that can be looked up. Remove the file to fetch it anew.

pyobo is an extra: loading it takes seconds, and each source is fetched from its own publisher.

Source: https://github.com/biopragmatics/pyobo
"""

import importlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from kgsynth.errors import MissingExtraError, SourceError, UsageError
from kgsynth.resources import cache_home
from kgsynth.sources import obo
from kgsynth.sources.base import Manifest, SourceData, SourceFile


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read what pyobo makes of a prefix, or of an OBO file; see `base.Loader`.

    Args:
        files: None, or one OBO file that pyobo is to read instead of fetching.
        manifest: ``settings["own_name"]`` is the prefix; ``[kinds]`` says which category the
            terms of a prefix are of.
    """
    settings = cast("Mapping[str, Any]", manifest.settings)
    prefix = str(settings.get("own_name", "")).lower()
    if not prefix or "/" in prefix:
        raise UsageError("pyobo needs a prefix; for example --source pyobo:drugbank")
    file = cache_home() / "pyobo" / f"{prefix}.obo"
    if files or not file.is_file():
        made_of = files[0].file if files else None
        make_obo(prefix, file, made_of, manifest.version)
    category = settings.get("kinds", {}).get(prefix, settings.get("category", "NamedThing"))
    own = replace(manifest, settings={**settings, "category": category})
    return obo.load((SourceFile(file),), own)


def make_obo(prefix: str, file: Path, made_of: Path | None = None, version: str = "") -> None:
    """Let pyobo load a source and write it as OBO.

    Args:
        prefix: Of the source, as the Bioregistry has it.
        file: Where to write; appears when it is complete.
        made_of: An OBO file to read; None to let pyobo fetch the source.
        version: Of `made_of`; "" where the file says it.

    Raises:
        MissingExtraError: If pyobo, or a part of it that the source needs, is not installed.
        SourceError: If pyobo cannot load the source, whatever the reason.
    """
    unfinished = file.with_name(f".{file.name}.part")
    try:
        ontology = _loaded(_pyobo(), prefix, made_of, version)
        file.parent.mkdir(parents=True, exist_ok=True)
        ontology.write_obo(unfinished)
        unfinished.replace(file)
    except (KeyboardInterrupt, SystemExit, MissingExtraError):
        raise
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"pyobo needs the package {error.name} for {prefix!r}; `pip install 'pyobo[sources]'`"
        ) from error
    # Its own ParseError is no Exception, and what its loaders raise is anything.
    except BaseException as error:
        words = " ".join(str(error).split())[:200] or type(error).__name__
        place, hint = f"{made_of}: ", ""
        if made_of is None:
            place, hint = "", "; is it a prefix of bioregistry.io, and is there a network?"
        raise SourceError(f"{place}pyobo cannot load {prefix!r}: {words}{hint}") from error


def _loaded(pyobo: Any, prefix: str, made_of: Path | None, version: str) -> Any:
    if made_of is None:
        # Never with force=True: without a network that deletes what is in its cache.
        return pyobo.get_ontology(prefix)
    return pyobo.from_obo_path(made_of, prefix=prefix, version=version or None)


def _pyobo() -> Any:
    try:
        return importlib.import_module("pyobo")
    except ModuleNotFoundError as error:
        if error.name != "pyobo":
            raise
        raise MissingExtraError("pyobo is not installed; `pip install 'kgsynth[pyobo]'`") from None
