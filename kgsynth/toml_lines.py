"""Where in a TOML text a table or a key stands: its reader does not say."""

import re


def line_of(text: str, table: str, key: str = "") -> int:
    r"""Return the line where a table of a TOML text begins, or a key of it stands; 1 if nowhere.

    Example:
        >>> line_of("[one]\na = 1\n\n[two]\na = 2", "two", "a")
        5
    """
    lines = text.splitlines()
    header = re.compile(rf"\s*\[\s*[\"']?{re.escape(table)}[\"']?\s*[.\]]")
    start = next((i for i, line in enumerate(lines) if header.match(line)), -1) if table else -1
    if not key:
        return max(start, 0) + 1
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
    for at, line in enumerate(lines[start + 1 :], start + 2):
        if wanted.match(line):
            return at
        if table and line.lstrip().startswith("["):
            break
    return max(start, 0) + 1
