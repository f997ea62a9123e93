"""Seniority read from a job title: English, Italian and Spanish. Unknown rather than guessed.

The first rule that fits decides, so helpers of the mighty ("assistant to the CEO") and owners of products
come before chiefs and owners.
"""

import re

from pipeline.models.accounts import Contact
from pipeline.models.record import ACCENTED, PLAIN

Rank = Contact.Seniority

WORDS: list[tuple[Rank, str]] = [
    (
        Rank.STAFF,
        r"(executive |personal |administrative )?assistant|(to|of) the (ceo|cfo|coo|president|director)"
        r"|pa|secretary"
        r"|assistente|segretari[ao]|asistente|secretari[ao]|(product|process|data|service) owner",
    ),
    (
        Rank.OWNER,
        r"(co ?)?owner|(co ?)?founder|proprietor|sole trader|titolare|proprietari[oa]|(co ?)?fondat(ore|rice)"
        r"|soci[oa] (fondatore|fondatrice|unic[oa]|amministratore)|duen[oa]|propietari[oa]|fundador[a]?",
    ),
    (Rank.VP, r"(s|e|a|r)?vp|(senior |executive )?vice president|vice ?presidente"),
    (
        Rank.C_LEVEL,
        r"chief( \w+){0,3} officer|c(eo|fo|oo|to|io|mo|ro|po|so|iso|hro|do|co|lo)|managing director"
        r"|president|general manager|amministrat(ore|rice) (delegat[oa]|unic[oa])|ad"
        r"|dirett(ore|rice) generale|presidente|consejer[oa] delegad[oa]"
        r"|director(a)? general|director(a)? gerente|gerente general",
    ),
    (
        Rank.DIRECTOR,
        r"director|head( of)?|dean|dirett(ore|rice)|dirigente|directora|subdirector(a)?|vicedirett(ore|rice)",
    ),
    (
        Rank.STAFF,
        r"(key )?account (manager|executive)|(community|office|product|project) manager"
        r"|(tecnico|ingegnere|addett[oa]|impiegat[oa]) .*",
    ),
    (
        Rank.MANAGER,
        r"manager|mgr|supervisor|team lead(er)?|coordinator|responsabile|capo( \w+)?|capoarea|caporeparto"
        r"|quadro|coordinat(ore|rice)|gerente|jef[ea]|encargad[oa]|coordinador(a)?|responsable",
    ),
    (
        Rank.STAFF,
        r"analyst|engineer|specialist|consultant|technician|buyer|clerk|intern|trainee|representative|developer"
        r"|accountant|administrator|officer|executive|operator|planner|designer|agent|associate|junior"
        r"|impiegat[oa]|tecnic[oa]|addett[oa]|ingegnere|analista|acquirente|contabile|operat(ore|rice)|stagista"
        r"|progettista|buyer|magazzinier[ea]|ingenier[oa]|administrativ[oa]|comprador(a)?|contable|becari[oa]"
        r"|vendedor(a)?|operari[oa]",
    ),
]
RULES = [(rank, re.compile(rf"\b({words})\b")) for rank, words in WORDS]
FOLDED = str.maketrans(ACCENTED, PLAIN)


def seniority_of(title: str) -> Rank:
    """The rank a title stands for; UNKNOWN when no word of it says."""
    plain = re.sub(r"[^a-z0-9]+", " ", title.lower().translate(FOLDED).replace(".", "")).strip()
    return next((rank for rank, rule in RULES if rule.search(plain)), Rank.UNKNOWN)
