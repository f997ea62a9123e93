"""What workers weigh beforehand, since a page could not: the place of each of very many open deals."""

from django.db import models


class DealRank(models.Model):
    """How many checks and signs of an open deal asked for work when it was last weighed, and the group that makes."""

    deal = models.OneToOneField("pipeline.Deal", models.CASCADE, primary_key=True, related_name="rank")
    needs = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=4)
    weighed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["needs", "group"], name="deal_rank_in_order")]

    def __str__(self):
        return f"{self.deal_id}: {self.needs}"
