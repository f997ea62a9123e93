"""Seniority out of job titles in three languages."""

import pytest

from pipeline.intake.titles import seniority_of
from pipeline.models.accounts import Contact

R = Contact.Seniority


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("Owner", R.OWNER),
        ("Co-Founder & CEO", R.OWNER),
        ("Titolare", R.OWNER),
        ("Socio amministratore", R.OWNER),
        ("Dueña", R.OWNER),
        ("CFO", R.C_LEVEL),
        ("C.E.O.", R.C_LEVEL),
        ("Chief Human Resources Officer", R.C_LEVEL),
        ("Amministratore Delegato", R.C_LEVEL),
        ("Direttore generale", R.C_LEVEL),
        ("Consejera delegada", R.C_LEVEL),
        ("Director General", R.C_LEVEL),
        ("President", R.C_LEVEL),
        ("SVP, Procurement", R.VP),
        ("Vice President Sales", R.VP),
        ("Vicepresidente", R.VP),
        ("Director, Warehouse Mgmt", R.DIRECTOR),
        ("Head of IT", R.DIRECTOR),
        ("Direttrice acquisti", R.DIRECTOR),
        ("Directora de compras", R.DIRECTOR),
        ("Dirigente", R.DIRECTOR),
        ("Purchasing Manager", R.MANAGER),
        ("Responsabile acquisti", R.MANAGER),
        ("Capo reparto", R.MANAGER),
        ("Jefe de compras", R.MANAGER),
        ("Gerente de planta", R.MANAGER),
        ("Key Account Manager", R.STAFF),
        ("Product Owner", R.STAFF),
        ("Executive Assistant to the CEO", R.STAFF),
        ("Assistente alla direzione", R.STAFF),
        ("Tecnico commerciale", R.STAFF),
        ("Ingeniero de procesos", R.STAFF),
        ("Software Engineer", R.STAFF),
        ("", R.UNKNOWN),
        ("Wizard of light", R.UNKNOWN),
        ("Advocate", R.UNKNOWN),
    ],
)
def test_a_title_tells_the_rank(title, rank):
    assert seniority_of(title) == rank
