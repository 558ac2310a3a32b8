"""Orphadata's XML, one record at a time: the door to XML, closed to entities and DTDs.

Every product has the same frame: ``<JDBOR date version>``, in it one list, in that one element for
each disorder. A record is handed out when its end is read, and forgotten when the next one is
asked for, so that a file of any size needs little memory. A DTD, and with it any entity, internal
or external, is refused.
"""

import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceFile
from kgsynth.sources.record_text import RecordError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Elements that hold one disorder each; product 4 has what it says of the whole set around it.
_DISORDER, _SET = "Disorder", "HPODisorderSetStatus"
#: How the number of a disorder was called over the years.
_CODES = ("OrphaCode", "OrphaNumber", "ORPHAcode", "ORPHAnumber")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DEEPEST = 100
#: Read at once. The parser looks at an unfinished tag anew with every piece, so that one of ten
#: megabytes took seconds in pieces of 16 KiB.
_PIECE = 1 << 20


class _Pieces:
    """A stream that is read in large pieces, whatever size is asked for."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, _size: int = -1) -> bytes:
        """Return the next piece; b"" at the end."""
        return self._stream.read(_PIECE)


class Records:
    """The disorders of one file, to be gone through once.

    Attributes:
        date: When the file was made, as its first element says; "" until that was read.
    """

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.date = ""

    def __iter__(self) -> "Iterator[Element]":
        """Yield an element for each disorder.

        Raises:
            SourceError: If the file is no XML, is cut off, has a DTD, or is none of Orphadata's.
        """
        from xml.etree.ElementTree import ParseError

        from defusedxml import DefusedXmlException

        file = self.source.file
        try:
            yield from self._records()
        except DefusedXmlException:
            raise SourceError(
                f"{file}: it has a document type or entities, which Orphadata's files have not; "
                "refused, fetch the file again"
            ) from None
        except ParseError as error:
            line, _ = error.position
            raise SourceError(
                f"{file}:{line}: no well-formed XML ({error}); fetch it again"
            ) from None
        except (ValueError, LookupError) as error:  # an encoding that does not exist
            raise SourceError(f"{file}: {error}") from None

    def _records(self) -> "Iterator[Element]":
        from defusedxml.ElementTree import iterparse

        wanted = _DISORDER
        open_: list[Element] = []
        with self.source.open() as stream:
            pieces = _Pieces(stream)
            for event, element in iterparse(pieces, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    if not open_:
                        self._check_root(element)
                    open_.append(element)
                    if element.tag == _SET:
                        wanted = _SET
                    if len(open_) > _DEEPEST:
                        raise ValueError(f"elements more than {_DEEPEST} levels deep")
                    continue
                open_.pop()
                if element.tag == wanted and wanted not in (one.tag for one in open_):
                    yield element
                    open_[-1].clear()  # or the empty elements of all records stay

    def _check_root(self, root: "Element") -> None:
        if root.tag != "JDBOR":
            raise SourceError(
                f"{self.source.file}: begins with <{root.tag[:60]}>, expected <JDBOR>: a "
                "product of Orphadata, such as en_product6.xml"
            )
        found = _DATE.match(root.get("date", ""))
        self.date = found[0] if found else ""


def code_of(disorder: "Element") -> str:
    """Return the number of a disorder, not yet checked; "" where it has none."""
    return next((text for name in _CODES if (text := text_at(disorder, name))), "")


def text_at(element: "Element", path: str) -> str:
    """Return the text at a path below an element; "" where there is none."""
    return (element.findtext(path) or "").strip()


def name_at(element: "Element", path: str = "") -> str:
    """Return the English ``Name`` at a path below an element; "" where there is none.

    Raises:
        RecordError: ``not_english`` where the name is in another language.
    """
    name = element.find(f"{path}/Name" if path else "Name")
    if name is None:
        return ""
    if name.get("lang", "en") != "en":
        raise RecordError(
            "not_english", f"{name.text!r} is in {name.get('lang')!r}; take the English file, en_…"
        )
    return (name.text or "").strip()
