"""A digest as a mail: text and HTML, nothing loaded from elsewhere, and a signed way out in its head and its foot."""

from datetime import date, datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from coaching.digests.digest import FRIDAY, MONDAY, Digest, absolute, managed_teams, one_line
from coaching.digests.friday import friday
from coaching.digests.monday import monday
from coaching.models import Subscription
from pipeline import access
from pipeline.models import Organisation, Rep

KINDS = {MONDAY: monday, FRIDAY: friday}
SALT = "coaching.digests.digest"


def digest_of(kind: str, rep: Rep, language: str, day: date, now: datetime) -> Digest:
    """What a digest of that kind says to this rep, in that language and the organisation's local time."""
    with translation.override(language), timezone.override(Organisation.current().zone):
        return KINDS[kind](rep, day, now)


def offered_to(rep: Rep) -> list[str]:
    """The kinds a rep may ask for: Monday's is for whoever manages a team."""
    return [MONDAY, FRIDAY] if managed_teams(rep) else [FRIDAY]


def is_due_to(rep: Rep, kind: str) -> bool:
    """Whether this rep still signs in here and may have this digest today, whatever was asked for earlier."""
    own = access.rep_of(rep.account_user)
    return own is not None and own.pk == rep.pk and kind in offered_to(rep)


def address_of(rep: Rep) -> str:
    """The rep's mail address, else that of the sign-in; empty where neither is one."""
    for address in (rep.email, getattr(rep.account_user, "email", "")):
        try:
            validate_email(address)
        except ValidationError:
            continue
        return address
    return ""


def mail_of(subscription: Subscription, kind: str, day: date, now: datetime) -> EmailMultiAlternatives:
    """The mail of one digest, ready to be sent; the rep has an address."""
    rep, way_out = subscription.rep, absolute(unsubscribe_path(subscription, kind))
    digest = digest_of(kind, rep, subscription.language, day, now)
    context = {"digest": digest, "way_out": way_out, "language": subscription.language, "name": rep.name}
    with translation.override(subscription.language):
        text = render_to_string("coaching/mail/digest.txt", context)
        html = render_to_string("coaching/mail/digest.html", context)
    mail = EmailMultiAlternatives(
        subject=one_line(digest.subject),
        body=text,
        to=[address_of(rep)],
        headers={
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail


def unsubscribe_path(subscription: Subscription, kind: str) -> str:
    return reverse("unsubscribe", args=[signing.dumps([subscription.pk, kind], salt=SALT)])


def signed_for(token: str) -> tuple[Subscription, str] | None:
    """The subscription and kind a link was signed for; it holds as long as the subscription exists."""
    try:
        pk, kind = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found = Subscription.objects.filter(pk=pk).first()
    return (found, kind) if found and kind in KINDS else None
