"""What reps hand over: brochures, price lists, case studies, and the activities they were handed over in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.record import Learnt, Record, sort_key


class Material(Record):
    """A brochure, price list, case study … that can be handed over."""

    name = models.CharField(_("name"), max_length=200)
    type = models.CharField(_("type"), max_length=100)
    name_key = sort_key()

    class Meta(Record.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["name_key", "pk"]

    def __str__(self):
        return self.name


class ActivityMaterial(Learnt):
    """A material handed over in an activity."""

    activity = models.ForeignKey(
        "pipeline.Activity", models.CASCADE, related_name="handed_over", verbose_name=_("activity")
    )
    material = models.ForeignKey(
        Material, models.CASCADE, related_name="handed_over", verbose_name=_("material")
    )

    class Meta:
        verbose_name = _("material handed over")
        verbose_name_plural = _("materials handed over")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "material"], name="material_is_handed_over_once_an_activity"
            )
        ]

    def __str__(self):
        return f"{self.material}"
