"""What the API over figures takes and gives: the shapes of questions, of KPIs and of readings."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category, Kpi, Unit
from kpis.docs import docs
from kpis.periods import Calendar, Period
from kpis.standing import Standing

SUBJECT = r"^(organisation|all-reps|(rep|team):[0-9]{1,18})$"

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
PERIOD = rf"^(all|last-30|last-90|rolling-12|[0-9]{{4}}(-(Q[1-4]|W[0-9]{{2}}|[0-9]{{2}}))?|{DATE}\.\.{DATE})$"


class SettingInForceSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Of the setting.")
    label = serializers.CharField(help_text="Its name, in the reader's language.")
    value = serializers.CharField(help_text="In force today, in words.")


class SourceSerializer(serializers.Serializer):
    id = serializers.CharField(help_text="Its number.")
    text = serializers.CharField(help_text="What was asked for.")


class DocsSerializer(serializers.Serializer):
    settings = SettingInForceSerializer(many=True, help_text="The settings it obeys.")
    sources = SourceSerializer(many=True, help_text="The demands it answers.")
    seen_by = serializers.CharField(help_text="Who sees a rep's figure.")
    left_out = serializers.ListField(
        child=serializers.CharField(), help_text="Rows close by that do not count."
    )


class KpiSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Permanent once released.")
    category = serializers.ChoiceField(
        Category.choices,
        help_text="Whether it says how much is done, what came of it, or how well it is done.",
    )
    label = serializers.CharField(help_text="Its name on every page, in the reader's language.")
    unit = serializers.ChoiceField(Unit.choices, help_text="What its value is counted in.")
    definition = serializers.CharField(help_text="What is counted, for whom and when.")
    formula = serializers.CharField(help_text="The same in one line, built from what is computed.")
    good = serializers.ChoiceField(["up", "down"], help_text="Which way is better.")
    min_sample = serializers.IntegerField(help_text="Fewer rows than this are too few to judge.")
    seeds = serializers.ListField(
        child=serializers.CharField(), help_text="The wishes it answers, by their numbers."
    )
    ask = serializers.CharField(help_text="The coach's question.")
    docs = serializers.SerializerMethodField(help_text="What else there is to know of it.")

    @extend_schema_field(DocsSerializer)
    def get_docs(self, kpi: Kpi) -> dict:
        return docs(kpi, self.context["held"])


@extend_schema_field({"type": "string", "pattern": PERIOD})
class PeriodField(serializers.CharField):
    """2017, 2017-Q1, 2017-03, 2017-W10, last-30, last-90, rolling-12, all, or FROM..TO (TO: the first day after)."""

    def to_internal_value(self, data) -> Period:
        try:
            return Calendar.current().parse(super().to_internal_value(data))
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class Question(serializers.Serializer):
    period = PeriodField(help_text=PeriodField.__doc__)
    subject = serializers.RegexField(
        SUBJECT, help_text="`rep:7`, `team:2`, `organisation`, or `all-reps` for each rep in sight."
    )
    kpi = serializers.MultipleChoiceField(
        choices=[(key, kpi.label) for key, kpi in CATALOGUE.items()],
        required=False,
        help_text="May be repeated; without it, the whole catalogue.",
    )


@extend_schema_field({"type": "object", "additionalProperties": {}})
class BesideField(serializers.DictField):
    """Figures shown beside the number, by name."""


class NumberField(serializers.FloatField):
    """Whole numbers stay whole."""

    def to_representation(self, value):
        return value


class StandingSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Of the KPI.")
    subject = serializers.CharField(help_text="`rep:7`, `team:2` or `organisation`.")
    name = serializers.CharField(help_text="The subject's.")
    period = serializers.CharField(help_text="As it was asked for.")
    value = serializers.FloatField(allow_null=True, help_text="As among the snapshots.")
    unit = serializers.ChoiceField(Unit.choices, help_text="What the value is counted in.")
    target = serializers.FloatField(allow_null=True, help_text="What is asked of the subject in this period.")
    due = serializers.FloatField(
        allow_null=True, help_text="Of a sum the part of the target whose days have passed."
    )
    stretch = serializers.FloatField(allow_null=True, help_text="What would be more than asked.")
    standing = serializers.ChoiceField(
        Standing.choices,
        allow_null=True,
        help_text="Against the target; none without one, nor for reps held against nobody.",
    )
    flag = serializers.ChoiceField(
        ["alert", "alarm"],
        allow_null=True,
        help_text="Of a rep's figure clearly apart from others of the same job: beyond 95 % or 99.8 % of chance.",
    )
    direction = serializers.ChoiceField(
        ["better", "worse"], allow_null=True, help_text="Which way a flag points."
    )
    mean = serializers.FloatField(
        allow_null=True,
        help_text="Of reps of the same job, in the unit of the value and for as many days at work.",
    )
    estimate = serializers.FloatField(
        allow_null=True, help_text="The rep's value drawn towards that mean by how little stands behind it."
    )
    why = serializers.CharField(
        allow_null=True, help_text="Of a rep's figure: why it is a flag, or why it is none."
    )


class ReadingSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Of the KPI.")
    subject = serializers.CharField(help_text="`rep:7`, `team:2` or `organisation`.")
    name = serializers.CharField(help_text="The subject's.")
    period = serializers.CharField(help_text="As it was asked for.")
    value = serializers.FloatField(
        allow_null=True, help_text="A fraction for percent, currency for money, days for days."
    )
    numerator = serializers.FloatField(
        allow_null=True,
        help_text="What was counted or summed, money in the currency; of a share, the rows that meet its condition.",
    )
    denominator = NumberField(
        allow_null=True,
        help_text="Of a share: all rows, or the sum it is a part of. Add numerators and denominators up, never values.",
    )
    sample = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Of a median: the values it is the middle of.",
    )
    unit = serializers.ChoiceField(Unit.choices, help_text="What the value is counted in.")
    reason = serializers.CharField(allow_null=True, help_text="Why there is no value.")
    low = serializers.FloatField(allow_null=True, help_text="Of a share: where its 95 % interval begins.")
    high = serializers.FloatField(allow_null=True, help_text="Where it ends.")
    evidence_count = serializers.IntegerField(help_text="How many rows stand behind the value.")
    beside = BesideField(help_text="Figures shown beside the value, by name.")
    sentence = serializers.CharField(help_text="The arithmetic in words.")
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When; none where nothing was ever computed for the subject."
    )
