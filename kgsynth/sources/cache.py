"""The cache: a folder of fetched files, one folder for each source."""

import os
from pathlib import Path

#: Environment variable that names the cache folder.
VARIABLE = "KGSYNTH_CACHE"


def cache_folder() -> Path:
    """Return where fetched files lie: ``$KGSYNTH_CACHE``, else the user's cache folder.

    The second follows the XDG base directory specification: ``$XDG_CACHE_HOME/kgsynth``, by
    default ``~/.cache/kgsynth``. The folder need not exist.
    """
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named).expanduser()
    home = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(home) if Path(home).is_absolute() else Path("~/.cache").expanduser()
    return base / "kgsynth"
