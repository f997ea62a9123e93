"""What tests of the digests ask for again and again: a subscription, and the mail it brings."""

from django.utils import timezone

from coaching.digests.mail import mail_of
from coaching.models import Subscription
from pipeline.models import Rep


def wants(rep: Rep, kind: str, language: str = "en") -> Subscription:
    chosen, _made = Subscription.objects.update_or_create(
        rep=rep, defaults={kind: True, "language": language}
    )
    return chosen


def the_mail(world, rep: Rep, kind: str, language: str = "en"):
    """The digest of today, as text and HTML."""
    made = mail_of(wants(Rep.objects.get(pk=rep.pk), kind, language), kind, world.today(), timezone.now())
    return made, made.body, made.alternatives[0][0]
