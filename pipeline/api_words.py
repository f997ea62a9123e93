"""What the fields and filters of the records are, as the schema of the API says it, where their model does not."""

RECORD = {
    "id": "Number of the record here; permanent.",
    "source": "The system the record came from; `touchline` where it was made here.",
    "external_id": "The record's id in that system; empty where it was made here.",
}
REP = {
    **RECORD,
    "name": "As shown on every page.",
    "email": "Work address; empty where unknown.",
    "team": "Id of the team the rep belongs to today.",
    "role": "What the rep may see: own figures, those of the teams below, or everything.",
    "job": "Reps are compared with reps of the same job.",
    "started_on": "First day at work.",
    "ramped_on": "From this day on the rep is compared with others.",
    "ended_on": "The day the rep left; none: still there.",
}
TEAM = {
    **RECORD,
    "name": "As shown on every page.",
    "parent": "Id of the team above; none: at the top.",
    "manager": "Id of the rep who manages the team.",
    "playbook": "How the team sells.",
}
DEAL = {
    **RECORD,
    "name": "As shown on every page.",
    "account": "Id of the account.",
    "account_name": "The account's name.",
    "owner": "Id of the rep who owns the deal today.",
    "stage": "Id of the stage it is in today.",
    "stage_name": "The stage's name.",
    "amount": "What the deal is worth today, in its currency.",
    "forecast": "What the rep expects of it; empty: nothing said.",
    "created_at": "When the deal began.",
    "is_created_dated": "Only the day of the creation is known; the time of day means nothing.",
    "expected_close_on": "When the rep expects it to close.",
    "closed_at": "When it was won or lost; none: still open.",
    "is_closed_dated": "Only the day of the close is known; the time of day means nothing.",
    "lost_reason": "Why it was lost, in the rep's words.",
    "next_step": "What the rep will do next.",
    "next_step_on": "When.",
}
PAGE = {
    "count": "How many there are on all pages.",
    "next": "Address of the next page; none on the last.",
    "previous": "Address of the page before; none on the first.",
}


def help_texts(words: dict[str, str], but: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    """The words as a serializer's `extra_kwargs`; `but`: fields declared in the serializer itself."""
    return {name: {"help_text": text} for name, text in words.items() if name not in but}
