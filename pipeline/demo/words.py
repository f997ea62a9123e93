"""Invented names and the trade's own phrases; nothing here names a real company or person."""

# Per country: sample of first and family names, company stems, legal forms, mail suffix, currency.
COUNTRIES = {
    "Italy": {
        "first": "Carla Marco Giulia Luca Chiara Paolo Elena Davide Sara Matteo Silvia Andrea Laura Stefano",
        "last": "Bassani Corradi Ferretti Galvan Lunardi Menin Pavan Righetti Salvi Tonelli Urbani Moro",
        "stems": "Brenta Lario Ostia Isonzo Piave Garda Panaro Ticino Sesia Arno Tanaro Oglio "
        "Mincio Natisone Cimone Vesio Secchia Trebbia Adda Livenza Reno Taro Metauro Ofanto Volturno "
        "Calore Crati Simeto Tagliamento Scrivia Bormida Entella Magra Velino Fortore",
        "forms": "Srl SpA",
        "suffix": "it",
        "phone": "+39 0",
    },
    "Spain": {
        "first": "Lucía Javier Carmen Álvaro Nuria Sergio Marina Pablo Inés Rubén Elisa Óscar",
        "last": "Arroyo Beltrán Cuesta Espinosa Fuertes Herrero Lozano Montes Peña Roldán Sáez Vega",
        "stems": "Jarama Genil Tormes Segura Duratón Cinca Esla Henares Sil Turia Júcar Alagón",
        "forms": "SL SA",
        "suffix": "es",
        "phone": "+34 9",
    },
    "Germany": {
        "first": "Anke Jürgen Heike Stefan Birgit Torsten Katja Uwe Sabine Holger Britta Dirk",
        "last": "Brandt Ehlers Fiedler Grothe Henning Krüger Lorenz Möller Petersen Riedel Voss Winkler",
        "stems": "Altmühl Diemel Fulda Havel Jagst Kocher Lahn Naab Oker Regen Spree Tauber",
        "forms": "GmbH AG",
        "suffix": "de",
        "phone": "+49 3",
    },
    "France": {
        "first": "Amélie Benoît Céline Didier Élodie Fabrice Hélène Laurent Nathalie Olivier Pascale Thierry",
        "last": "Aubry Blanchet Carlier Delmas Fabre Gaillard Lacroix Masson Perrin Rolland Tessier Vidal",
        "stems": "Aveyron Charente Creuse Durance Gironde Isère Loiret Mayenne Orne Sarthe Vienne Yonne",
        "forms": "SAS SARL",
        "suffix": "fr",
        "phone": "+33 4",
    },
}
TRADES = {
    "Valves": "machinery",
    "Foods": "food",
    "Print": "printing",
    "Dairy": "food",
    "Ceramics": "ceramics",
    "Paper": "paper",
    "Chemicals": "chemicals",
    "Brewery": "food",
    "Textiles": "textiles",
    "Marble": "stone",
    "Plastics": "plastics",
    "Pharma": "pharma",
    "Foundry": "metals",
    "Waterworks": "utilities",
    "Glass": "glass",
}

# Department -> titles by rank, from the lowest; ranks are those of Contact.Seniority.
TITLES = {
    "Operations": {1: "Shift planner", 2: "Production manager", 3: "Plant director", 5: "COO"},
    "Procurement": {1: "Buyer", 2: "Purchasing manager", 3: "Head of procurement"},
    "Engineering": {1: "Process engineer", 2: "Engineering manager", 3: "Technical director", 5: "CTO"},
    "Finance": {1: "Controller", 2: "Finance manager", 3: "Finance director", 5: "CFO"},
    "Maintenance": {1: "Maintenance planner", 2: "Maintenance manager"},
    "Quality": {1: "Quality engineer", 2: "Quality manager", 3: "Quality director"},
    "IT": {1: "Systems engineer", 2: "IT manager", 3: "IT director"},
    "Legal": {2: "Legal counsel", 3: "General counsel"},
    "Management": {4: "Vice president industry", 5: "Managing director", 6: "Owner"},
}
LOCAL_TITLES = {
    ("Italy", "Plant director"): "Direttore di stabilimento",
    ("Italy", "Purchasing manager"): "Responsabile acquisti",
    ("Italy", "Buyer"): "Addetto acquisti",
    ("Italy", "Managing director"): "Amministratore delegato",
    ("Italy", "Owner"): "Titolare",
    ("Italy", "Technical director"): "Direttore tecnico",
    ("Spain", "Plant director"): "Director de planta",
    ("Spain", "Purchasing manager"): "Responsable de compras",
    ("Spain", "Managing director"): "Director general",
    ("Spain", "Production manager"): "Jefe de producción",
}

DEALS = {
    "New plants": "retrofit line 2;cold store;transfer pumps;booster station;wash-down system;dosing skid;"
    "cooling loop;effluent station;second line;tank farm;clean-in-place;vacuum unit",
    "Service": "service contract;spare parts frame;yearly overhaul;remote monitoring;seal exchange;"
    "rental pumps",
}
LOST_REASONS = (
    "price;no budget this year;chose a competitor;project stopped;no decision;missing certificate;silence"
)
NEXT_STEPS = (
    "Ask {name} for the plant director before the next call;Agree scope on paper;Send the revised price list;"
    "Set a date for the site visit;Get the NDA back from legal;Bring finance in;Confirm delivery weeks;"
    "Ask {name} who else must agree;Ask for the order number"
)

MAIL_SUBJECTS = (
    "Pumps for {company};Following up on our call;Reference in your trade;Data sheet as promised;"
    "Dates for a visit"
)
DEAL_SUBJECTS = "{deal};{deal}: open points;{deal}: next steps;{deal}: revised layout;{deal}: delivery weeks"
CALL_SUBJECTS = "Introduction;Follow-up;Open points;Dates;Technical question"
MEETING_SUBJECTS = {
    "discovery": "First meeting: needs and process data",
    "demo": "Test stand visit",
    "proposal_presentation": "Proposal presented",
    "negotiation": "Terms and delivery",
    "introduction": "Introduction",
    "review": "Yearly review",
}
INTERNAL_SUBJECTS = "Capacity next month;Price approval;Hand-over to service;Forecast call"

MATERIALS = [
    ("Product overview", "brochure"),
    ("Energy savings at a dairy", "case_study"),
    ("Energy savings at a paper mill", "case_study"),
    ("Data sheet series K", "data_sheet"),
    ("Price list", "price_list"),
    ("Payback calculator", "calculator"),
    ("Reference list", "references"),
]
# Name, share of accounts, how often its leads turn out to be real, monthly spend in EUR.
LEAD_SOURCES = [
    ("Website", 0.26, 1.05, 1800),
    ("Trade fair", 0.18, 1.0, 3200),
    ("Referral", 0.16, 1.3, 150),
    ("Partner", 0.12, 1.15, 900),
    ("Bought list", 0.2, 0.55, 1100),
    ("Trade press", 0.07, 0.9, 1400),
    ("Open day", 0.01, 1.0, 300),
]
