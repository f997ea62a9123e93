"""Where figures stand: against their target, and a rep's beside others of the same job; for the API and `show_kpi`."""

from collections.abc import Mapping, Sequence
from datetime import date

from kpis.judging.circles import judged
from kpis.judging.flags import Judgement
from kpis.payload import code
from kpis.periods import Period
from kpis.playbook import near_targets
from kpis.readings import Card, Reading
from kpis.standing import NEAR, standing
from kpis.subjects import Subject
from kpis.targets import Due, targets_for
from pipeline.models import Rep


def standing_rows(
    pairs: Sequence[tuple[Subject, str]],
    period: Period,
    today: date,
    cards: Mapping[tuple[Subject, str], Card],
    names: Mapping[Subject, str],
) -> list[dict]:
    """As plain data, in the order of the pairs. A rep who is held against nobody has no standing, as on the pages.

    `due` is the part of a sum's target that has passed; `mean` and `estimate` are in the KPI's unit; `why` says why
    a rep's figure is a flag, or why it is none.
    """
    subjects = list(dict.fromkeys(subject for subject, _key in pairs))
    keys = list(dict.fromkeys(key for _subject, key in pairs))
    targets, near = targets_for(subjects, period, keys), near_targets(subjects)
    reps = _reps(subjects)
    judgements = judged(list(reps.values()), period, today, keys, cards)
    apart = {Subject.rep(pk) for pk in judgements.apart if reps[pk].role == Rep.Role.REP}
    rows = []
    for subject, key in pairs:
        reading, target = cards[subject, period.key][key], targets.get((subject, key))
        against = (
            None if subject in apart else standing(reading.kpi, reading, target, near.get(subject, NEAR))
        )
        beside = judgements.of(subject.id, key) if subject.kind == "rep" else Judgement("")
        head = {"key": key, "subject": code(subject), "name": names.get(subject, ""), "period": period.key}
        rows.append(
            head | _figure(reading, target) | {"standing": against and against.value} | _beside(beside)
        )
    return rows


def _reps(subjects: Sequence[Subject]) -> dict[int, Rep]:
    ids = [subject.id for subject in subjects if subject.kind == "rep"]
    return {rep.pk: rep for rep in Rep.objects.filter(pk__in=ids).select_related("team")}


def _figure(reading: Reading, target: Due | None) -> dict:
    return {
        "value": reading.value,
        "unit": reading.kpi.unit.value,
        "target": target and target.value,
        "due": target and target.due,
        "stretch": target and target.stretch,
    }


def _beside(judgement: Judgement) -> dict:
    return {
        "flag": judgement.level or None,
        "direction": judgement.direction or None,
        "mean": judgement.mean,
        "estimate": judgement.estimate,
        "why": judgement.why or None,
    }
