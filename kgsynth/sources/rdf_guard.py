"""Which syntax of RDF a file is written in, and whether a parser may be let at it.

Oxigraph reads half an RDF/XML file without a word, and nesting deep enough ends the process. So
each file passes here first: XML must be whole (expat says where it is not), with no entity that
reaches outside or grows, and nothing may be nested deeper than any ontology is.
"""

import re
from xml.parsers import expat

from kgsynth.errors import SourceError
from kgsynth.sources.source_file import SourceFile, line_of

#: How deep elements of XML and values of JSON may be nested; ontologies stay below thirty.
MOST_DEPTH = 64
#: How much larger a file may become by its entities.
MOST_GROWTH = 16
#: Longest text of one entity: an address.
MOST_ENTITY = 1024
#: Triples inside triples are not read; this many are let through to say so.
MOST_QUOTED = 64

_HEAD = 4096
_COMMENTS = re.compile(
    rb"\A(?:\s|\xef\xbb\xbf|#[^\n]*\n|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*>)*", re.S
)
# An element: its name is followed by a space, where an address in Turtle has none.
_XML = re.compile(rb"<(?:!DOCTYPE|(?:[\w.-]+:)?[\w.-]+\s|[\w.-]+>)")
_JSON = re.compile(rb"\{|\[\s*[\[{]")
_JSON_PARTS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.S)
#: How other formats begin, and what to do with a file of theirs.
_OTHERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (
        re.compile(rb"(?:Prefix|Ontology|Declaration)\s*\("),
        "OWL in functional syntax, which is not read; convert it with `robot convert` to .owl",
    ),
    (
        re.compile(rb"(?:Prefix|Ontology):\s"),
        "OWL in Manchester syntax, which is not read; convert it with `robot convert` to .owl",
    ),
    (re.compile(rb"format-version:"), "an OBO file; read it with --source obo=FILE"),
)


def guard(source: SourceFile) -> str:
    """Return the syntax of a file that may be parsed.

    Returns:
        ``RDF/XML``, ``Turtle``, ``N-Triples`` or ``JSON-LD``.

    Raises:
        SourceError: If it is of another format, cut short, or made to do harm.
    """
    data = source.data
    syntax = syntax_of(source)
    if syntax == "RDF/XML":
        _check_xml(source, data)
    elif syntax == "JSON-LD":
        _check_json(source, data)
    elif data.count(b"<<") > MOST_QUOTED:
        raise SourceError(f"{source.file}: statements about statements (<<…>>) are not read")
    return syntax


def syntax_of(source: SourceFile) -> str:
    """Return the syntax that a file begins in.

    Raises:
        SourceError: If it is that of another format.
    """
    data = source.data
    head = data[: 1 << 16]
    begin = head[_COMMENTS.match(head).end() :][:_HEAD]  # type: ignore[union-attr]
    for pattern, advice in _OTHERS:
        if pattern.match(begin):
            raise SourceError(f"{source.file}: {advice}")
    if _JSON.match(begin):
        return "JSON-LD"
    if _XML.match(begin) or data.lstrip()[:5] == b"<?xml":
        return "RDF/XML"
    return "N-Triples" if ".nt" in source.file.suffixes else "Turtle"


def _check_xml(source: SourceFile, data: bytes) -> None:
    """Refuse XML that is not whole, reaches outside, grows, or is nested too deep."""
    reader = _Depth(source)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.EntityDeclHandler = reader.entity
    reader.parser = parser
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise SourceError(
            f"{source.file}:{error.lineno}: no whole XML ({what}); fetch or copy the file again"
        ) from None
    grown = sum(
        data.count(b"&%s;" % name.encode()) * size for name, size in reader.entities.items()
    )
    if grown > MOST_GROWTH * len(data) + (1 << 20):
        raise SourceError(f"{source.file}: its entities would make it {grown:,} bytes larger")
    if reader.root == "http://www.w3.org/2002/07/owl#Ontology" or reader.root == "Ontology":
        raise SourceError(
            f"{source.file}: OWL/XML, which is not read; convert it with `robot convert` to .owl"
        )


class _Depth:
    """What the XML reader hears."""

    parser: expat.XMLParserType

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.depth = 0
        self.root = ""
        self.entities: dict[str, int] = {}

    def start(self, name: str, _: dict[str, str]) -> None:
        """Go one element deeper."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self._refuse(f"elements are nested deeper than {MOST_DEPTH}")
        self.root = self.root or name

    def end(self, _: str) -> None:
        """Come out of an element."""
        self.depth -= 1

    def doctype(self, _: str, system: str | None, public: str | None, __: bool) -> None:
        """Refuse a document type that stands elsewhere."""
        if system or public:
            self._refuse("it asks for a document type from elsewhere, which is not fetched")

    def entity(
        self,
        name: str,
        is_parameter: bool,
        value: str | None,
        _: str | None,
        system: str | None,
        public: str | None,
        __: str | None,
    ) -> None:
        """Take an entity that abbreviates an address; refuse all others."""
        if is_parameter or value is None or system or public:
            self._refuse(f"entity {name[:40]!r} asks for text from elsewhere, which is not fetched")
        elif "&" in value or "<" in value or len(value) > MOST_ENTITY:
            self._refuse(f"entity {name[:40]!r} is more than an address and may grow without end")
        else:
            self.entities[name] = len(value)

    def _refuse(self, why: str) -> None:
        raise SourceError(f"{self.source.file}:{self.parser.CurrentLineNumber}: {why}")


def _check_json(source: SourceFile, data: bytes) -> None:
    depth = 0
    for part in _JSON_PARTS.finditer(data):
        sign = part[0][:1]
        if sign in b"[{":
            depth += 1
            if depth > MOST_DEPTH:
                line = line_of(data, part.start())
                raise SourceError(f"{source.file}:{line}: nested deeper than {MOST_DEPTH}")
        elif sign in b"]}":
            depth -= 1
