"""A small bundle that fills every file and column, in the very form that `export_records` writes."""

from pathlib import Path

FILES = {
    "organisation.csv": """\
key,value,from_on
name,Adige Pumps,
time_zone,Europe/Rome,
currency,EUR,
domains,adige.example;adige-pumps.example,
week_start,1,
fiscal_year_start,4,
executive_threshold,manager,2025-07-01
reply_window_days,10,
reply_window_days,12,2025-01-01
""",
    "lead_sources.csv": """\
id,name
fair,Trade fair
web,Web
""",
    "teams.csv": """\
id,name,parent,manager,playbook,focus_kpis
north,North,,maya,process,reply_rate;win_rate
north-1,North one,north,,numbers,
south,South,,,process,
""",
    "reps.csv": """\
id,name,email,team,role,job,started_on,ramped_on,ended_on,is_machine
ada,Ada,ada@adige.example,north,rep,Account executive,2023-01-09,2023-04-01,,
ben,Ben,ben@adige.example,north-1,rep,Account executive,2024-02-01,,,
ivo,Ivo,,,admin,,,,,
maya,Maya,,north,manager,Sales manager,,,,
olga,"Olga ""Q"" Rossi",,south,rep,,2020-01-01,2020-03-01,2025-06-30,
robot,Mail robot,,,rep,,,,,yes
""",
    "team_moves.csv": """\
rep,team,from_on
ada,south,2023-01-09
ada,north,2025-01-01
""",
    "job_costs.csv": """\
job,from_on,hourly_cost,currency
Account executive,2024-01-01,40,EUR
Account executive,2025-01-01,42.5,
""",
    "accounts.csv": """\
id,name,domain,owner,industry,country,source,parent,created_at
brenta,Brenta Valves,brenta.example,ada,Machinery,Italy,fair,,2024-05-02T08:00:00Z
brenta-es,Brenta España,,ben,,Spain,,brenta,
ostia,Ostia Foods,ostia.example,,,,,,
""",
    "account_moves.csv": """\
account,owner,from_at
brenta,olga,2024-05-02T08:00:00Z
brenta,ada,2025-01-01T00:30:00.5Z
""",
    "contacts.csv": """\
id,account,name,email,phone,title,department,seniority,buying_role,created_at
c1,brenta,Lia,lia@brenta.example,'+39 041 555,Direttrice acquisti,Buying,,economic_buyer,2024-05-03T09:00:00Z
c2,brenta,Ugo Neri,,,Buyer,,vp,,
c3,ostia,NA,,,,,,,
""",
    "relationships.csv": """\
contact,rater,score,rated_on,note
c1,ada,-2,2025-03-01,'=cautious
c1,ada,3,2025-05-01,
""",
    "stages.csv": """\
id,name,position,milestone,pipeline,probability
lead,Lead,1,lead,default,5
lost,Lost,5,lost,default,0
offer,Offer,3,proposal,default,40.5
talk,Talk,2,qualified,default,
won,Won,4,won,default,100
""",
    "deals.csv": """\
id,name,account,owner,created_by,amount,cost,currency,stage,source,created_at,expected_close_on,forecast,\
closed_at,lost_reason,nda,next_step,next_step_on
007,Valves for Po,brenta,ada,ben,1200.5,800,EUR,won,fair,2025-01-31,2025-03-31,committed,\
2025-03-30T22:30:00Z,,needed,,
008,"Pumps, two
of them",brenta,ben,,,,CHF,offer,,2025-02-01T10:15:30.25Z,2025-06-30,open,,,not_needed,Call Lia,2025-05-20
009,'-lost,ostia,olga,,10,,,lost,web,,,,2025-02-10,Price,,,
""",
    "deal_moves.csv": """\
deal,owner,from_at
007,ben,2025-01-31T08:00:00Z
007,ada,2025-02-15T08:00:00Z
""",
    "stage_changes.csv": """\
deal,stage,at,seq,actor,owner
007,lead,2025-01-31,0,ben,ben
007,talk,2025-02-03T09:00:00Z,0,,
007,won,2025-03-30T22:30:00Z,0,ada,
007,offer,2025-03-30T22:30:00Z,-1,ada,
008,offer,2025-02-01T10:15:30.25Z,0,,
009,lost,2025-02-10,0,,
""",
    "deal_changes.csv": """\
deal,field,value,at
007,amount,1000.00,2025-01-31T08:00:00Z
007,amount,1200.50,2025-02-20T08:00:00Z
007,expected_close_on,2025-03-31,2025-01-31T08:00:00Z
007,forecast,,2025-01-31T08:00:00Z
""",
    "activities.csv": """\
id,rep,kind,at,direction,booked_by,account,deal,type,booked_at,duration_s,status,outcome,interest,\
in_reply_to,provider_id,is_internal,subject
a1,ada,email,2025-02-03T09:00:00Z,out,,brenta,007,proposal_sent,,,,,,,<1@adige.example>,,Offer
a2,ada,email,2025-02-04T09:00:00Z,in,,brenta,007,,,,,,,a1,<2@brenta.example>,,Re: Offer
a3,ben,call,2025-02-05T09:00:00Z,out,,,008,,,125,,reached,strong,,,,
a4,ada,meeting,2025-02-10T14:00:00Z,,ben,brenta,007,proposal_presentation,2025-02-04T12:00:00Z,3600,held,,,,,,
a5,ada,meeting,2025-02-11T14:00:00Z,,,,,,,,planned,,,,,yes,Team talk
""",
    "activity_contacts.csv": """\
activity,contact,part,attended,outcome
a1,c1,to,,
a1,c2,cc,,bounced
a2,c1,from,,
a4,c1,attendee,yes,
a4,c2,organiser,declined,
""",
    "deal_contacts.csv": """\
deal,contact,from_at,role
007,c1,,decision_maker
007,c2,2025-02-01T00:00:00Z,blocker
""",
    "deal_facts.csv": """\
deal,kind,on,activity,note
007,nda_signed,2025-02-12,,on paper
007,pricing,2025-02-10,a4,
""",
    "account_facts.csv": """\
account,kind,on,note
brenta,nda_signed,2025-02-12,
""",
    "materials.csv": """\
id,name,type
m1,Price list,prices
""",
    "activity_materials.csv": """\
activity,material
a1,m1
""",
    "spend.csv": """\
month,amount,kind,source,team,currency
2025-01-01,500,lead,fair,north,EUR
2025-01-01,80.4,telephony,,,
""",
    "exchange_rates.csv": """\
currency,on,rate
CHF,2025-01-01,1.06250001
""",
    "rebate_tiers.csv": """\
account,year,from_amount,percent
brenta,2025,1000,1.5
brenta,2025,5000,2.125
""",
    "time_entries.csv": """\
rep,on,hours,deal
ada,2025-02-10,1.5,
ada,2025-02-10,2,007
""",
    "absences.csv": """\
rep,from_on,to_on,reason
ben,2025-08-04,2025-08-22,holiday
""",
    "targets.csv": """\
kpi,period,from_on,value,rep,team,stretch
reply_rate,quarter,2025-01-01,0.12,,north,
won_value,month,2025-01-01,25000,ada,,30000
""",
}


def write_bundle(folder: Path, **changed: str | None) -> Path:
    """Write the bundle to `folder`; a file given by its stem is written like that instead, or left out."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {**FILES, **{f"{stem}.csv": text for stem, text in changed.items()}}
    for name, text in files.items():
        if text is not None:
            (folder / name).write_bytes(text.encode())
    return folder


def write_files(folder: Path, **texts: str) -> Path:
    """Write only these files, by stem."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, text in texts.items():
        (folder / f"{stem}.csv").write_bytes(text.encode())
    return folder
