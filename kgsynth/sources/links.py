"""The links between the terms of an ontology, collected and turned into statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from kgsynth.sources.base import STATEMENTS, Rejections, Tally, table
from kgsynth.sources.curie_columns import spell_column
from kgsynth.sources.relations import Relations

#: What the code of a statement begins with that a definition by genus and difference makes.
DEFINED = "logical definition"
SUBCLASS = "subclass_of"


@dataclass
class Links:
    """Links of one kind, column by column.

    Attributes:
        unit: What they are called in the tally.
        subjects, relations, objects: Ids as the file spells them; the relation `SUBCLASS` stands
            for ``is_a``.
        lines: One-based lines or record numbers.
        modifiers: Qualifiers of each link as text, "" where there are none.
        negated: Rows of the links that are denials.
        prefix: What the code of their statements begins with.
        rejected: Links that are in the rejections already.
    """

    unit: str
    subjects: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    modifiers: list[str] = field(default_factory=list)
    negated: set[int] = field(default_factory=set)
    prefix: str = ""
    rejected: int = 0

    def add(self, subject: str, relation: str, object_: str, line: int, modifier: str = "") -> None:
        """Note one link."""
        self.subjects.append(subject)
        self.relations.append(relation)
        self.objects.append(object_)
        self.lines.append(line)
        self.modifiers.append(modifier)

    def __len__(self) -> int:
        return len(self.subjects)


Key = tuple[str, str, str, str, bool]


@dataclass
class LinkReader:
    """Turns links into statements and keeps the balance.

    Attributes:
        file: For the places of rejections.
        relations: What relations are called.
        rejections: Gets ``bad_identifier`` and ``ignored_relation``.
        seen: What is stated already; a link that repeats it is merged.
    """

    file: object
    relations: Relations
    rejections: Rejections
    seen: set[Key] = field(default_factory=set)

    def know(self, subjects: Iterable[str], objects: Iterable[str]) -> None:
        """Take note of ``is_a`` links that are statements already."""
        self.seen.update(
            (one, SUBCLASS, other, "", False) for one, other in zip(subjects, objects, strict=True)
        )

    def read(self, links: Links) -> tuple[pa.Table, Tally]:
        """Return the statements of some links, and what became of each."""
        subjects = spell_column(pa.array(links.subjects, pa.string())).to_pylist()
        objects = spell_column(pa.array(links.objects, pa.string())).to_pylist()
        rows: list[tuple[str, str, str, str, str, bool, int]] = []
        rejected = merged = 0
        for at, (subject, target) in enumerate(zip(subjects, objects, strict=True)):
            found = self._one(links, at, subject, target)
            if found is None:
                rejected += 1
            elif not found:
                merged += 1
            else:
                rows.append(found)
        tally = Tally(
            links.unit,
            len(links) + links.rejected,
            len(rows),
            merged,
            rejected + links.rejected,
        )
        return _table(rows), tally

    def _one(
        self, links: Links, at: int, subject: str | None, target: str | None
    ) -> tuple[str, str, str, str, str, bool, int] | tuple[()] | None:
        place = f"{self.file}:{links.lines[at]}"
        if subject is None or target is None:
            bad = links.subjects[at] if subject is None else links.objects[at]
            self.rejections.add(place, "bad_identifier", f"not an identifier: {bad[:60]!r}")
            return None
        relation = links.relations[at]
        name, turned, denied, code = SUBCLASS, False, False, ""
        if relation != SUBCLASS:
            name, turned, denied, code = self.relations.of(relation)
        if not name:
            self.rejections.add(
                place, "ignored_relation", f"{subject} {code} {target}: left out by the manifest"
            )
            return None
        denied ^= at in links.negated
        modifier = links.modifiers[at]
        # The relation itself tells links apart that become one predicate.
        key = (subject, code or name, target, modifier, denied)
        if key in self.seen:
            return ()
        self.seen.add(key)
        if turned:
            subject, target = target, subject
        text = ": ".join(part for part in (links.prefix, code) if part)
        return subject, name, target, text, modifier, denied, links.lines[at]


def _table(rows: Sequence[tuple[str, str, str, str, str, bool, int]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    names = ("subject", "predicate", "object", "code", "modifier", "negated", "line")
    arrays: dict[str, object] = {
        name: pa.array(column, STATEMENTS.field(name).type)
        for name, column in zip(names, columns, strict=True)
    }
    return table(STATEMENTS, arrays, len(rows))


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Return statements of several tables behind each other, in one encoding."""
    tables = [one for one in tables if len(one)] or [STATEMENTS.empty_table()]
    if len(tables) == 1:
        return tables[0]
    return pa.concat_tables([one.cast(STATEMENTS) for one in tables])


def subclass_table(subjects: pa.Array, objects: pa.Array, lines: object) -> pa.Table:
    """Return ``subclass_of`` statements without qualifiers, whole columns at once."""
    size = len(subjects)
    return table(
        STATEMENTS,
        {
            "subject": subjects,
            "predicate": pa.DictionaryArray.from_arrays(
                np.zeros(size, np.int8), pa.array([SUBCLASS])
            ),
            "object": objects,
            "negated": pa.array(np.zeros(size, np.bool_)),
            "line": pa.array(lines),
        },
        size,
    )
