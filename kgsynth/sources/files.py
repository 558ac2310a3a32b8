"""The way in to files: what a loader, a test or a script needs to read one.

`SourceFile` reads one file, `read_manifest` what is known of a source before it is read, `locate`
finds a file that travels with kgsynth or with a package, and `members` goes through an archive.
"""

from pathlib import Path

from kgsynth.sources.archives import members as members
from kgsynth.sources.archives import open_members as open_members
from kgsynth.sources.manifests import read_manifest as read_manifest
from kgsynth.sources.places import locate as locate
from kgsynth.sources.source_file import SourceFile
from kgsynth.sources.source_file import line_of as line_of


def read_file(file: Path, role: str = "") -> SourceFile:
    """Return a file that has been read, unpacked and checked to be a text.

    Raises:
        SourceError: If the file is absent, empty, truncated, damaged, binary, or a web page.
    """
    source = SourceFile(file, role=role)
    _ = source.data
    return source
