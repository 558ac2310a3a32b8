"""The parts of a run: one for a plain run, one for each entry of ``--mix``.

A mix is written ``chain@4=0.5,differential=0.2,list:open=0.3``: kind, hops behind ``@`` for chains,
form behind a colon, and a weight. Weights are relative; ``50%`` is 0.5.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.pairs import PAIRED, even
from kgsynth.paths import MINERS
from kgsynth.paths.carriers import asks
from kgsynth.paths.chain import serves
from kgsynth.paths.focus import NO_FOCUS, Focus
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import load_spines
from kgsynth.questions import FORMS, OWN_FORMS, own_form
from kgsynth.quotas import Quota, join, lay_out, parse_quotas
from kgsynth.records import default_margin
from kgsynth.runs import RunSettings
from kgsynth.seeding import derive_seed

#: What `RunSettings.kind` and `RunSettings.form` say of a run of several kinds.
MIX = "mix"

_ENTRY = re.compile(
    r"(?P<kind>\w+)(?:@(?P<hops>\d+))?(?::(?P<form>\w+))?=(?P<weight>\d+(?:\.\d*)?|\.\d+)(?P<percent>%?)"
)
_EXPECTED = "expected such as chain@4=0.5,differential=0.2,list=0.3"


@dataclass(frozen=True, slots=True)
class Share:
    """One entry of a mix: a kind in a form, with its share of the rows, in (0, 1]."""

    kind: str
    hops: int
    form: str
    share: float

    @property
    def label(self) -> str:
        """How the entry is written without its share: ``chain@4:choice``."""
        hops = f"@{self.hops}" if self.kind == "chain" else ""
        own = self.form in ("open", OWN_FORMS.get(self.kind))
        return f"{self.kind}{hops}{'' if own else f':{self.form}'}"


@dataclass(frozen=True, slots=True)
class Part:
    """What is mined by one miner for a run.

    Attributes:
        label: How people call it: ``chain@4``. Parts of one kind that differ in focus share it.
        settings: As for a run of this kind alone; ``settings.n`` are the rows of this part.
        seed: The seed of its miner.
        rows: The rows of all parts of this label.
        focus: What each of its questions has.
        quotas: The quotas that it is there for, as they are written.
    """

    label: str
    settings: RunSettings
    seed: int
    rows: int
    focus: Focus = NO_FOCUS
    quotas: tuple[str, ...] = ()


def parse_mix(text: str, hops: int | None, form: str = "open") -> tuple[Share, ...]:
    """Return the entries of a mix.

    Args:
        text: As on the command line.
        hops: The hops of chains that name none.
        form: The form of kinds that name none, where they can have it.

    Raises:
        UsageError: If it cannot be read, names an unknown kind or form, or one entry twice.
    """
    found = [_read(entry.strip(), hops, form) for entry in text.split(",")]
    total = sum(one.share for one in found)
    if total <= 0:
        raise UsageError(f"--mix {text!r}: no entry has a weight above 0; {_EXPECTED}")
    labels = [one.label for one in found]
    for label in labels:
        if labels.count(label) > 1:
            raise UsageError(f"--mix {text!r}: {label} stands twice")
    return tuple(replace(one, share=one.share / total) for one in found if one.share)


def _read(entry: str, hops: int | None, form: str) -> Share:
    match = _ENTRY.fullmatch(entry)
    if match is None:
        raise UsageError(f"--mix: {entry!r} cannot be read; {_EXPECTED}")
    kind, own = match["kind"], OWN_FORMS.get(match["kind"])
    if kind not in MINERS:
        raise UsageError(f"--mix: unknown kind {kind!r}; known: {', '.join(MINERS)}")
    if match["form"] not in (None, "open", *FORMS):
        raise UsageError(f"--mix: unknown form {match['form']!r}; known: open, {', '.join(FORMS)}")
    if own and match["form"] not in (None, own):
        raise UsageError(f"--mix: {entry!r}: {own_form(kind)}")
    if kind != "chain" and match["hops"]:
        raise UsageError(f"--mix: {entry!r}: only chains have hops to choose")
    length = int(match["hops"]) if match["hops"] else hops
    if kind == "chain" and length is None:
        raise UsageError(f"--mix: {entry!r} needs its hops: chain@4=…, or --hops for all")
    weight = float(match["weight"]) / (100 if match["percent"] else 1)
    chosen = own or match["form"] or form
    return Share(kind, length or 1 if kind == "chain" else 1, chosen, weight)


def mix_text(shares: Sequence[Share]) -> str:
    """Return a mix as it is written down: what `parse_mix` reads to the same entries."""
    return ",".join(f"{one.label}={one.share:.6g}" for one in shares)


def allot(n: int, shares: Sequence[float]) -> tuple[int, ...]:
    """Divide rows by shares into whole numbers that add up (largest remainders first).

    Example:
        >>> allot(10, [0.5, 0.25, 0.25])
        (5, 3, 2)
    """
    total = sum(shares)
    exact = [n * share / total for share in shares]
    rows = [int(part) for part in exact]
    order = sorted(range(len(rows)), key=lambda at: (rows[at] - exact[at], at))
    for at in order[: n - sum(rows)]:
        rows[at] += 1
    return tuple(rows)


def parts_of(settings: RunSettings, graph: KnowledgeGraph) -> tuple[Part, ...]:
    """Return the parts of a run; a kind of a mix that gets no row of a small run has none.

    Raises:
        UsageError: If quotas are asked for that no kind of the run can carry together.
    """
    found = [_rare(part, settings) for part in _kinds_of(settings)]
    quotas = parse_quotas(settings.quota, settings.n, graph)
    if not quotas:
        return tuple(found)
    needs = _divided(quotas, found, graph)
    return tuple(
        cell for part, need in zip(found, needs, strict=True) for cell in _cells(part, need)
    )


def _kinds_of(settings: RunSettings) -> list[Part]:
    """Return one part for each kind and form."""
    if not settings.mix:
        n = even(settings.kind, settings.n)
        return [Part(_label(settings), replace(settings, n=n), settings.seed, n)]
    shares = parse_mix(settings.mix, None)
    found: list[Part] = []
    for one, n in zip(shares, _whole_pairs(settings.n, shares), strict=True):
        own = replace(
            settings,
            kind=one.kind,
            hops=one.hops,
            form=one.form,
            n=n,
            margin=settings.margin or default_margin(one.kind),
            mix="",
        )
        # The same miner twice, in two forms: other questions, not the same ones refused.
        again = any((p.settings.kind, p.settings.hops) == (one.kind, one.hops) for p in found)
        seed = derive_seed(settings.seed, "mix", one.label) if again else settings.seed
        if n:
            found.append(Part(one.label, own, seed, n))
    return found


def _whole_pairs(n: int, shares: Sequence[Share]) -> list[int]:
    """Divide the rows of a mix; of kinds that come in pairs an even number, as long as it adds up.

    What one of these has too much comes from the largest of the others, where there is one.
    """
    rows = list(allot(n, [one.share for one in shares]))
    for at, one in enumerate(shares):
        if rows[at] % 2 and one.kind in PAIRED:
            rows[at] += 1
            others = [i for i, other in enumerate(shares) if other.kind not in PAIRED and rows[i]]
            for largest in sorted(others, key=lambda i: -rows[i])[:1]:
                rows[largest] -= 1
    return rows


def _rare(part: Part, settings: RunSettings) -> Part:
    return replace(part, focus=Focus(rare_only=True)) if settings.rare_only else part


def _divided(
    quotas: Sequence[Quota], parts: Sequence[Part], graph: KnowledgeGraph
) -> list[list[tuple[Quota, int]]]:
    """Return for each part which rows of which quotas it is to give: by its rows, if it can."""
    needs: list[list[tuple[Quota, int]]] = [[] for _ in parts]
    for quota in quotas:
        able = [at for at, part in enumerate(parts) if can_carry(graph, part, quota.focus)]
        room = sum(parts[at].rows for at in able)
        if room < quota.rows:
            names = ", ".join(parts[at].label for at in able) or "no kind of the run"
            raise UsageError(
                f"--quota {quota.text}: {quota.rows:,} rows asked for, and {room:,} of the run can "
                f"have it ({names})"
            )
        for at, rows in zip(able, allot(quota.rows, [parts[at].rows for at in able]), strict=True):
            needs[at].append((quota, rows))
    return needs


def can_carry(graph: KnowledgeGraph, part: Part, focus: Focus) -> bool:
    """Say whether the questions of a part can have what a focus asks for, by their templates."""
    settings = part.settings
    if settings.kind != "chain":
        return asks(settings.kind, focus)
    hops = None if settings.miner == "longest" else settings.hops
    every = load_spines(hops, graph, settings.template)
    spines = [spine for spine in every if spine.hops <= settings.hops]
    return any(serves(spine, MiningSettings(focus=focus)) for spine in spines)


def _cells(part: Part, needs: Sequence[tuple[Quota, int]]) -> list[Part]:
    """Divide a part by the quotas that its rows are for."""
    # Of kinds that come in pairs, pairs are divided.
    unit = 2 if part.settings.kind in PAIRED else 1
    found = []
    for units, quotas in lay_out(part.rows // unit, [(q, -(-rows // unit)) for q, rows in needs]):
        rows = units * unit
        texts = tuple(quota.text for quota in quotas)
        seed = derive_seed(part.seed, "quota", *texts) if texts else part.seed
        own = replace(part.settings, n=rows)
        focus = join(quotas, rare_only=part.focus.rare_only)
        found.append(replace(part, settings=own, seed=seed, focus=focus, quotas=texts))
    return found


def _label(settings: RunSettings) -> str:
    if settings.miner == "longest":
        return f"chain@2..{settings.hops}"
    return Share(settings.kind, settings.hops, settings.form, 1.0).label


def folder_name(settings: RunSettings) -> str:
    """Return what a run's folder is called unless its user says otherwise.

    Example:
        >>> folder_name(RunSettings("chain", "choice", 4, 100, 7, "sha256:0"))
        'chain-hops4-choice-seed7'
    """
    form = "" if settings.form in ("open", MIX) else f"-{settings.form}"
    form += "" if settings.register == "clinician" else f"-{settings.register}"
    if settings.mix:
        shares = parse_mix(settings.mix, None)
        what = "-".join([MIX, *(one.label.replace("@", "").replace(":", "-") for one in shares)])
    else:
        what = f"{settings.kind}-hops{settings.hops}"
    what += "" if settings.miner == "spread" else f"-{settings.miner}"
    rare = "-rare" if settings.rare_only else ""
    quota = "-quota" if settings.quota else ""
    return f"{what}{form}{rare}{quota}-seed{settings.seed}"
