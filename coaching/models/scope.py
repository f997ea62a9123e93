"""Who sees what of coaching: sessions, series and commitments follow their rep; private notes only their author."""

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from pipeline import access
from pipeline.models import Rep


def reps_coached_by(user) -> models.QuerySet[Rep]:
    """Reps of the teams this user manages, subteams included, without oneself. An admin leads nobody by being one."""
    own = access.rep_of(user)
    if own is None:
        return Rep.objects.none()
    managed = RawSQL(access.MANAGED_TEAMS, [own.pk])  # noqa: S611 - the only parameter is bound
    return Rep.objects.filter(team__in=managed).exclude(pk=own.pk)


class OfRep(models.QuerySet):
    """What belongs to the coaching of a rep: theirs, and their managers'; nobody else's, an admin's neither."""

    def visible_to(self, user):
        own = access.rep_of(user)
        if own is None:
            return self.none()
        return self.filter(Q(rep=own) | Q(rep__in=reps_coached_by(user)))

    def led_by(self, user):
        return self.filter(rep__in=reps_coached_by(user))

    def own_of(self, user):
        own = access.rep_of(user)
        return self.filter(rep=own) if own else self.none()


class SessionSet(OfRep):
    def planned(self):
        return self.filter(state="planned")

    def held(self):
        return self.filter(state="held")


class CommitmentSet(OfRep):
    def open(self):
        return self.filter(state="open")

    def to_review(self, today):
        """Those whose day has come and which nobody has looked at again."""
        return self.filter(review_on__lte=today, reviewed_at=None).exclude(state="dropped")


class PrivateNoteSet(models.QuerySet):
    def of(self, user):
        """What this user wrote; there is no other way to a private note."""
        own = access.rep_of(user)
        return self.filter(author=own) if own else self.none()
