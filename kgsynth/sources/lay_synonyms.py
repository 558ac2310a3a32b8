"""HPO's report of layperson synonyms: what patients call a finding.

The file is the answer of a SPARQL engine: column names begin with a question mark, terms stand in
angle brackets, texts in quotes, some with a language tag.
"""

from kgsynth.sources.base import Manifest, Rejections, SourceData, SourceFile
from kgsynth.sources.names import Names, Place
from kgsynth.sources.quoted import read_quoted

COLUMNS = ("?term", "?term_label", "?layperson")


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the table; see `base.Loader`."""
    source = files[0]
    rejections = Rejections()
    rows, lines, read = read_quoted(source, COLUMNS, rejections)
    names = Names(rejections)
    for (term, _, text), line in zip(rows, lines, strict=True):
        place = Place(source.file, 0, line)
        if text.strip():
            names.add(term, "en", [text.strip()], "lay", "", place)
        else:
            names.reject(place, "no_name", f"{term} has an empty name")
    return SourceData(
        version=manifest.version,
        files=files,
        names=names.table(),
        rejections=rejections,
        tallies=(names.tally("rows", read),),
    )
