"""Where the files that travel with kgsynth lie: ontology tables, manifests, templates.

In a checkout they are the folders ``ontologies/`` and ``templates/`` beside the package; in an
installed wheel the same two folders lie in ``kgsynth/_data/``. Everyone who opens such a file asks
here, so nothing else needs to know which of the two it is.
"""

import os
from pathlib import Path

from kgsynth.errors import KgsynthError

_PACKAGE = Path(__file__).resolve().parent


class ResourceError(KgsynthError, FileNotFoundError):
    """A file that should travel with kgsynth is not there: a broken or partial installation."""


def data_folder(name: str) -> Path:
    """Return the folder ``ontologies`` or ``templates``, wherever this installation keeps it.

    Args:
        name: The name of the top folder.

    Returns:
        The folder inside the wheel if there is one, else the one in the checkout.

    Raises:
        ResourceError: If neither exists.
    """
    places = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for place in places:
        if place.is_dir():
            return place
    raise ResourceError(
        f"folder {name!r} of kgsynth is missing; looked for {places[0]} and {places[1]}; "
        "install kgsynth again"
    )


def data_file(folder: str, *parts: str) -> Path:
    """Return a file that travels with kgsynth.

    Args:
        folder: ``ontologies`` or ``templates``.
        *parts: The rest of the way, such as ``"bundled", "mondo_terms.tsv.gz"``.

    Returns:
        The path of an existing file or folder.

    Raises:
        ResourceError: If it does not exist.

    Example:
        >>> data_file("ontologies", "bundled").is_dir()
        True
    """
    file = data_folder(folder).joinpath(*parts)
    if not file.exists():
        raise ResourceError(f"{file} is missing; it is part of kgsynth, install kgsynth again")
    return file


def cache_home() -> Path:
    """Return where kgsynth keeps what it can make or fetch again; the folder need not exist.

    It is ``$KGSYNTH_CACHE``, else a folder ``kgsynth`` in the user's cache, which by the XDG base
    directory specification is ``$XDG_CACHE_HOME`` or ``~/.cache``.
    """
    named = os.environ.get("KGSYNTH_CACHE", "")
    if named:
        return Path(named).expanduser()
    home = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (home if home.is_absolute() else Path("~/.cache").expanduser()) / "kgsynth"
