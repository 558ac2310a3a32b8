"""Items of the lists in one large JSON document, without reading it whole."""

import codecs
import json
from collections.abc import Iterator
from typing import Any

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceFile

#: Characters of the longest item.
_ITEM_CHARACTERS = 64 << 20
_BLANK = " \t\n\r"
_PIECE_BYTES = 1 << 20


def items(
    source: SourceFile, lists: tuple[str, ...]
) -> Iterator[tuple[str, int, dict[str, Any] | str]]:
    """Yield the items of some lists at the top of a document.

    Args:
        source: A JSON document: an object.
        lists: The names of the lists; every other value is read and left out.

    Yields:
        Name of the list, one-based line where the item begins, and the item; where an item is
        no object, words for people in its place.

    Raises:
        SourceError: If it is no JSON, ends in the middle, or holds none of the lists.
    """
    reader = _Reader(source)
    reader.expect("{")
    seen = False
    while not reader.ended("}"):
        name = reader.value()
        if not isinstance(name, str):
            raise reader.error("expected a name in quotes")
        reader.expect(":")
        if name not in lists:
            reader.value()
            continue
        seen = True
        reader.expect("[")
        while not reader.ended("]"):
            line = reader.line
            item = reader.value()
            good = isinstance(item, dict)
            yield name, line, item if good else "expected an object with names and values"
    if not seen:
        raise SourceError(f"{source.file}: the document has none of the lists {', '.join(lists)}")


class _Reader:
    """A window that moves over the text of a document."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._pieces = _pieces(source)
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._line = 1
        self._fresh = True  # nothing read yet since the last opening bracket

    @property
    def line(self) -> int:
        """The one-based line where the next value begins."""
        self._skip()
        return self._line

    def error(self, words: str) -> SourceError:
        """Return an error that says where the window stands."""
        return SourceError(f"{self._source.file}:{self._line}: not JSON: {words}")

    def expect(self, mark: str) -> None:
        """Go past a mark."""
        self._skip()
        if self._text[self._at : self._at + 1] != mark:
            raise self.error(f"expected {mark!r}")
        self._at += 1
        self._fresh = True

    def ended(self, mark: str) -> bool:
        """Go past the end of a list or object, or past the comma before the next item."""
        self._skip()
        found = self._text[self._at : self._at + 1]
        if found == mark:
            self._at += 1
            self._fresh = False
            return True
        if not self._fresh:
            if found != ",":
                raise self.error(f"expected ',' or {mark!r}")
            self._at += 1
        self._fresh = False
        return False

    def value(self) -> Any:
        """Return the next value and go past it."""
        self._skip()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise self.error("nested too deep") from None
            except ValueError as error:
                problem: ValueError | None = error
            else:
                problem = None
                # A number or word may go on in the next piece.
                if end < len(self._text) or not self._more():
                    self._pass(end)
                    self._fresh = False
                    return value
                continue
            if len(self._text) - self._at > _ITEM_CHARACTERS or not self._more():
                raise self.error(" ".join(str(problem).split())) from None

    def _pass(self, end: int) -> None:
        self._line += self._text.count("\n", self._at, end)
        self._at = end

    def _skip(self) -> None:
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text) or not self._more():
                return

    def _more(self) -> bool:
        """Read on, as much again as is waiting; say whether there was anything."""
        waiting = len(self._text) - self._at
        read = []
        while piece := next(self._pieces, None):
            read.append(piece)
            if sum(map(len, read)) >= waiting:
                break
        if read:
            self._text, self._at = self._text[self._at :] + "".join(read), 0
        return bool(read)


def _pieces(source: SourceFile) -> Iterator[str]:
    """Yield the text of a file: a document may be a single line, so not by lines."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line = 1
    with source.open() as handle:
        while piece := handle.read(_PIECE_BYTES):
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                line += piece.count(b"\n", 0, error.start)
                raise SourceError(f"{source.file}:{line}: not UTF-8 text") from None
            line += piece.count(b"\n")
            if text:
                yield text
