"""Judging reps beside others of the same job, from snapshots: flags, and for everything else why it is none."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from kpis.catalogue import CATALOGUE
from kpis.judging import words as flag_words
from kpis.judging.comparing import Comparison, Seen, comparison, silence
from kpis.judging.decision import FEWEST_PEERS, Family, Finding, Limits, decide, limits
from kpis.judging.discovery import false_alarms
from kpis.judging.peers import Presence
from kpis.periods import Period
from kpis.readings import Card
from kpis.subjects import Subject
from pipeline.models import Rep


@dataclass(frozen=True)
class Judgement:
    """One rep and KPI. `mean` and `estimate` (the own value drawn towards the mean) are in the KPI's unit and for the

    rep's own days at work; `size` is the gap in standard errors, positive where worse; `why` is a sentence, flag or not.
    """

    why: str
    is_flag: bool = False
    level: str = ""
    direction: str = ""
    mean: float | None = None
    estimate: float | None = None
    p: float | None = None
    size: float = 0.0

    @property
    def is_judged(self) -> bool:
        return self.p is not None


@dataclass(frozen=True)
class Judged:
    """A KPI over the reps of a job: the figures, and the readings they came from in the same order."""

    family: Family
    comparing: Comparison
    seen: Sequence[Seen]


@dataclass
class Judgements:
    """What was judged: by (rep id, KPI). `apart` are reps held against nobody: {rep id: reason}."""

    by_place: dict[tuple[int, str], Judgement] = field(default_factory=dict)
    apart: dict[int, str] = field(default_factory=dict)
    funnels: dict[tuple[int, str], "Funnel"] = field(default_factory=dict)

    def of(self, rep_id: int, key: str) -> Judgement:
        """A pair that was not handed in is not judged."""
        if rep_id in self.apart:
            return Judgement(_("Not compared: %(reason)s.") % {"reason": self.apart[rep_id]})
        return self.by_place.get((rep_id, key)) or Judgement(_("Not judged in this view."))

    def take(self, others: "Judgements", reps: Iterable[int]) -> None:
        """Add what another judging says of these reps."""
        wanted = set(reps)
        self.by_place |= {place: one for place, one in others.by_place.items() if place[0] in wanted}
        self.funnels |= {place: one for place, one in others.funnels.items() if place[0] in wanted}

    @cached_property
    def flags(self) -> list[tuple[int, str, Judgement]]:
        """(rep id, KPI, judgement) of every flag, the widest gap first, worse or better."""
        found = [(rep, key, one) for (rep, key), one in self.by_place.items() if one.is_flag]
        return sorted(found, key=lambda flag: -abs(flag[2].size))

    @property
    def expected_false_alarms(self) -> float:
        """At most so many of the flags are wrong on average: q × flags (Benjamini & Hochberg 1995), with q = 10 %.

        It holds for several circles side by side as it does for each (Efron 2008).
        """
        return false_alarms(len(self.flags))

    @property
    def summary(self) -> str:
        """“12 reps × 10 KPIs judged, 3 flags, 0.3 false alarms to expect”."""
        places = [place for place, one in self.by_place.items() if one.is_judged]
        reps, keys = {rep for rep, _key in places}, {key for _rep, key in places}
        return flag_words.summary(len(reps), len(keys), len(self.flags), self.expected_false_alarms)

    def funnel(self, rep_id: int, key: str) -> "Funnel | None":
        """The funnel a rep's figure was judged in; none where it was not."""
        return self.funnels.get((rep_id, key))


@dataclass(frozen=True)
class Funnel:
    """A KPI's figures by what they stand on, per day where it counts over time, and the limits around their mean."""

    judged: Judged
    families: Sequence[Family]

    @property
    def is_timed(self) -> bool:
        return self.judged.comparing.is_timed

    @property
    def points(self) -> list[tuple[int, float, float]]:
        """(rep id, size, value) in the KPI's unit, per day at work where `is_timed`."""
        peers = self.judged.family.peers
        return list(zip(self.judged.family.reps, peers.sizes, peers.values, strict=True))

    @property
    def mean(self) -> float:
        return self.judged.family.peers.mean

    def limits(self, steps: int = 24) -> list[Limits]:
        """Along the sizes there are, from a little under the smallest to a little over the largest."""
        sizes = [float(size) for size in self.judged.family.peers.sizes]
        low, high = min(sizes) * 0.8, max(sizes) * 1.1
        along = [low + (high - low) * step / (steps - 1) for step in range(steps)]
        return limits(self.judged.family, self.families, along)

    def limits_at(self, size: float) -> Limits:
        return limits(self.judged.family, self.families, [size])[0]


def judge(
    reps: Sequence[Rep],
    period: Period,
    keys: Sequence[str],
    presence: Presence,
    cards: Mapping[tuple[Subject, str], Card],
    fewest: int = FEWEST_PEERS,
) -> Judgements:
    """Each of these reps beside those among them who have the same job, where at least `fewest` have figures.

    The false discovery rate is held over everything handed in together. No queries; `circles` says who belongs together.
    """
    silent: dict[tuple[int, str], Judgement] = {}
    heard: dict[tuple[str, str], dict[int, Seen]] = defaultdict(dict)
    for rep in reps:
        if rep.pk in presence.apart:
            continue
        card = cards.get((Subject.rep(rep.pk), period.key))
        for key in keys:
            if card is None or card.computed_at is None:
                silent[rep.pk, key] = Judgement(_("Not computed yet."))
                continue
            seen = Seen(card[key], presence.days[rep.pk])
            if reason := silence(CATALOGUE[key], _comparing(key), seen):
                silent[rep.pk, key] = Judgement(reason)
            else:
                heard[rep.job, key][rep.pk] = seen
    for place in [place for place, seen in heard.items() if len(seen) < fewest]:
        few = heard.pop(place)
        silent |= {(rep, place[1]): Judgement(flag_words.too_few_peers(len(few), fewest)) for rep in few}
    judged = {place: _judged(*place, seen) for place, seen in heard.items()}
    apart = {rep.pk: presence.apart[rep.pk] for rep in reps if rep.pk in presence.apart}
    return Judgements(silent | judgements(judged), apart, _funnels(judged.values()))


def _funnels(judged: Collection[Judged]) -> dict[tuple[int, str], Funnel]:
    families = [one.family for one in judged]
    return {(rep, one.family.key): Funnel(one, families) for one in judged for rep in one.family.reps}


def _comparing(key: str) -> Comparison | None:
    return comparison(CATALOGUE[key].measure, CATALOGUE[key])


def _judged(job: str, key: str, seen: dict[int, Seen]) -> Judged:
    comparing = _comparing(key)
    if comparing is None:
        raise ValueError(key)  # silent, so that it was never heard
    return Judged(
        Family(job, key, list(seen), comparing.peers(list(seen.values()))), comparing, list(seen.values())
    )


def judgements(judged: Mapping[tuple[str, str], Judged]) -> dict[tuple[int, str], Judgement]:
    """(rep id, KPI) -> judgement of everything that can be compared."""
    findings = decide([one.family for one in judged.values()])
    found = {}
    for one in judged.values():
        for place, rep in enumerate(one.family.reps):
            finding = findings[rep, one.family.key]
            found[rep, one.family.key] = _said(one, place, finding, len(findings))
    return found


def _said(judged: Judged, place: int, finding: Finding, comparisons: int) -> Judgement:
    peers, seen, comparing = judged.family.peers, judged.seen[place], judged.comparing
    worse = -1 if (CATALOGUE[judged.family.key].good == "up") != comparing.is_inverse else 1
    size = worse * finding.gap
    return Judgement(
        why=flag_words.why(finding, peers.gaps[place], peers, comparing, seen, comparisons),
        is_flag=finding.is_flag,
        level=finding.level,
        direction=("worse" if size > 0 else "better") if finding.is_flag else "",
        mean=comparing.in_unit(peers.mean, seen),
        estimate=comparing.in_unit(peers.estimates[place], seen),
        p=finding.p,
        size=size,
    )
