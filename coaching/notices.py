"""Telling a rep inside the product that something happened; the words are made when it is read."""

from coaching.models import Notice
from pipeline.models import Rep


def tell(rep: Rep, kind: str, path: str, /, **facts: str | int) -> Notice:
    """Keep a notice for `rep`. `facts` fill its sentence later: names and ISO moments, nothing said in confidence."""
    return Notice.objects.create(rep=rep, kind=kind, path=path, facts=facts)
