"""What a rep chooses about digests; Monday's is offered to whoever manages a team."""

from django import forms

from coaching.digests.digest import MONDAY
from coaching.digests.mail import offered_to
from coaching.models import Subscription


class SubscriptionForm(forms.ModelForm):
    class Meta:
        model = Subscription
        fields = ["monday", "friday", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if MONDAY not in offered_to(self.instance.rep):
            del self.fields[MONDAY]
