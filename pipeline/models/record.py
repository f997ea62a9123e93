"""What every record carries: where it came from and when we learnt it."""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

OWN_SOURCE = "touchline"

ACCENTED = "àáâãäåāăąçćčďđèéêëēęěìíîïīłñńňòóôõöøōőřśšşťùúûüūůűýÿžźż"
PLAIN = "aaaaaaaaacccddeeeeeeeiiiiilnnnoooooooorssstuuuuuuuyyzzz"


def new_external_id() -> str:
    return uuid4().hex


def sort_key(column: str = "name") -> models.GeneratedField:
    """Lower-case, accent-free copy of a name, kept by the database: the embedded server collates by bytes."""
    folded = models.Func(
        Lower(column),
        models.Value(ACCENTED),
        models.Value(PLAIN),
        function="translate",
        output_field=models.TextField(),
    )
    return models.GeneratedField(expression=folded, output_field=models.TextField(), db_persist=True)


class Learnt(models.Model):
    """A row with the moment we learnt it and the import that brought it (none: entered by hand)."""

    batch = models.ForeignKey(
        "pipeline.ImportBatch",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Record(Learnt):
    """A row with an identity of its own in the system it came from: (source, external id) counts once."""

    source = models.CharField(_("source"), max_length=40, default=OWN_SOURCE, editable=False)
    external_id = models.CharField(
        _("id at the source"), max_length=200, default=new_external_id, editable=False
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="%(class)s_counts_once_per_source")
        ]
