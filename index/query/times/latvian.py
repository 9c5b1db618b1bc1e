"""The words of time of Latvian."""

from index.query.times.lexicon import Row

_ADJECTIVE = "ais,ā,o,am,ai,ajā,ajai,ajam,ie,ās,os,ajos,ajās,iem,ām,ajiem,ajām,a,ās"
_COUNTED = "i,as,u,iem,ām,os,ās,us"
_FEMININE = "a,as,ai,u,ā"

WORDS: tuple[Row, ...] = (
    # --- before and after
    ("AFTER", None, "pēc"),
    ("BEFORE", None, "pirms"),
    ("AGO_BEFORE", None, "pirms"),
    ("SINCE", None, "kopš"),
    ("FROM", None, "no"),
    ("UNTIL", None, "līdz"),
    ("ONWARDS", None, "vēlāk"),
    ("TO", None, "līdz"),
    ("BETWEEN", None, "starp"),
    ("AND", None, "un"),
    ("AGO", None, "atpakaļ"),
    ("DURING", None, "laikā"),
    # --- this, last, next
    ("LAST", None, f"pēdēj-{_ADJECTIVE}"),
    ("PAST", None, f"pagājuš-{_ADJECTIVE} iepriekšēj-{_ADJECTIVE} aizvadīt-{_ADJECTIVE} pērn-ais,ajā,ajos"),
    ("PAST!", None, "pērnā"),
    ("BEFORE_LAST", None, f"aizpagājuš-{_ADJECTIVE}"),
    ("THIS", None, "šajā šai šo šī šīs šā"),
    ("NEXT", None, f"nākam-{_ADJECTIVE} nākoš-{_ADJECTIVE}"),
    ("THEN", ("day", 0), "šodien šodienas"),
    ("THEN", ("day", -1), f"vakar vakardien-{_FEMININE}"),
    ("THEN", ("day", -2), "aizvakar"),
    ("THEN!", ("day", 1), "rīt"),
    ("THEN", ("day", 1), f"rītdien-{_FEMININE}"),
    ("THEN", ("day", 2), "parīt"),
    ("THEN", ("week", 0), "šonedēļ"),
    ("THEN", ("week", -1), "pagājušonedēļ"),
    ("THEN", ("week", 1), "nākamnedēļ"),
    ("THEN", ("month", 0), "šomēnes"),
    ("THEN", ("month", -1), "pagājušomēnes"),
    ("THEN", ("month", 1), "nākammēnes"),
    ("THEN", ("year", 0), "šogad"),
    ("THEN", ("year", -1), "pērn pagājušogad"),
    ("THEN", ("year", -2), "aizpērn"),
    ("THEN", ("year", 1), "nākamgad"),
    ("THIS_SEASON", 3, "šopavasar"),
    ("THIS_SEASON", 6, "šovasar"),
    ("THIS_SEASON", 9, "šoruden"),
    ("THIS_SEASON", 12, "šoziem"),
    ("LAST_SEASON", 6, "pagājušovasar"),
    *(
        ("SEASON_YEARS_AGO", (first_month, years), f"{prefix}{season}")
        for first_month, season in ((3, "pavasar"), (6, "vasar"), (9, "ruden"), (12, "ziem"))
        for years, prefix in ((1, "pērn"), (2, "aizpērn"))
    ),
    # --- units; `gadu` is of one or many
    ("UNIT", "day", "dien-a,as,ai,ā"),
    ("UNIT", "week", "nedēļ-a,as,ai,ā"),
    ("UNIT", "month", "mēnes-is,im,i,ī mēneša"),
    ("UNIT", "quarter", "ceturksn-is,im,i,ī ceturkšņa"),
    ("UNIT", "half", "pusgad-s,a,am,u,ā"),
    ("UNIT", "year", "gad-s,a,am,ā"),
    ("UNIT", "decade", "desmitgad-e,es,ei,i,ē"),
    ("UNITS", "day", "dien-u,ām,ās,as"),
    ("UNITS", "week", "nedēļ-u,ām,ās,as"),
    ("UNITS", "month", "mēneš-i,u,iem,us,os"),
    ("UNITS", "quarter", "ceturkšņ-i,u,iem,us,os"),
    ("UNITS", "year", "gad-i,u,iem,us,os"),
    ("UNITS", "decade", "desmitgad-ēm,es,u"),
    ("IN_UNIT!", "week", "nedēļā"),
    ("IN_UNIT", "month", "mēnesī"),
    ("IN_UNIT", "quarter", "ceturksnī"),
    ("IN_UNIT!", "half", "pusgadā"),
    ("IN_UNIT!", "year", "gadā"),
    ("IN_UNIT", "decade", "desmitgadē"),
    ("ONE", "day", "dienu"),
    ("ONE", "week", "nedēļu"),
    ("ONE", "month", "mēnesi"),
    ("ONE", "half", "pusgadu"),
    ("ONE", "year", "gadu"),
    ("OF_UNIT", "day", "dienas"),
    ("OF_UNIT", "week", "nedēļas"),
    ("OF_UNIT", "month", "mēneša"),
    ("OF_UNIT", "half", "pusgada"),
    ("OF_UNIT", "year", "gada"),
    ("HOURS", None, "stund-u,ām,ās,as"),
    ("DAYS_OF_24_HOURS", None, "diennakt-s,ī,is,īs,īm diennakšu"),
    ("TURN", None, "mij-a,as,u,ā"),
    ("TURN_OF_YEARS", None, "gadumij-a,as,u,ā"),
    ("YEAR_WORD", None, "gad-s,a,am,u,ā,i,us,os,iem"),
    ("YEARS_WORD", None, "gad-i,u,us,os,iem"),
    ("G", None, "g"),
    ("WEEKEND", None, "nogal-e,es,ei,i,ē"),
    ("OF_WEEK", None, "nedēļas"),
    # --- numbers
    ("NUMBER", 1, "vien-s,a,u,am,ai,ā,as"),
    ("NUMBER", 2, f"div-{_COUNTED}"),
    ("NUMBER", 3, "trīs trim trij-u,iem,ām,os,ās"),
    ("NUMBER", 4, f"četr-{_COUNTED}"),
    ("NUMBER", 5, f"piec-{_COUNTED}"),
    ("NUMBER", 6, f"seš-{_COUNTED}"),
    ("NUMBER", 7, f"septiņ-{_COUNTED}"),
    ("NUMBER", 8, f"astoņ-{_COUNTED}"),
    ("NUMBER", 9, f"deviņ-{_COUNTED}"),
    ("NUMBER", 10, "desmit desmit-iem,os"),
    ("NUMBER", 11, "vienpadsmit"),
    ("NUMBER", 12, "divpadsmit"),
    ("NUMBER", 14, "četrpadsmit"),
    ("NUMBER", 15, "piecpadsmit"),
    ("NUMBER", 20, "divdesmit"),
    ("NUMBER", 30, "trīsdesmit"),
    ("NUMBER", 100, "simt"),
    ("ORDINAL", 1, f"pirm-{_ADJECTIVE}"),
    ("ORDINAL", 2, f"otr-{_ADJECTIVE}"),
    ("ORDINAL", 3, f"treš-{_ADJECTIVE}"),
    ("ORDINAL", 4, f"ceturt-{_ADJECTIVE}"),
    # --- parts of a year
    ("PART", "beginning", "sākum-s,a,am,u,ā"),
    ("PART", "middle", "vid-us,um,u,ū"),
    ("PART", "end", "beig-as,u,ām,ās izskaņ-a,as,ai,u,ā"),
    ("QUARTER", None, "ceturksn-is,im,i,ī ceturkšņa kvartāl-s,a,am,u,ā"),
    ("HALF_YEAR", None, "pusgad-s,a,am,u,ā"),
    ("HALF", None, "pus-e,es,ei,i,ē"),
    ("SEASON", 3, "pavasar-is,a,im,i,ī"),
    ("SEASON", 6, f"vasar-{_FEMININE}"),
    ("SEASON", 9, "ruden-s,im,i,ī"),
    ("SEASON", 12, f"ziem-{_FEMININE}"),
    ("DECADE", 1980, f"astoņdesmit-{_ADJECTIVE}"),
    ("DECADE", 1990, f"deviņdesmit-{_ADJECTIVE}"),
    ("DECADE_ENDING", None, "tie to tajos tajiem ie ajos"),
    # --- days of the week
    *(
        row
        for number, stem in enumerate("pirm otr treš ceturt piekt sest svēt".split())
        for row in (
            ("WEEKDAY", number, f"{stem}dien-a,as,ai,u,ā"),
            ("ON_DAY", number, f"{stem}dien šo{stem}dien"),
            ("ON_DAY!", number, f"{stem}dienā"),
            ("LAST_DAY", number, f"pagājušo{stem}dien"),
        )
    ),
    # --- months; in the genitive, a day is often the name of a feast: `4. maija deklarācija`
    *(
        row
        for number, stem in enumerate(
            "janvār februār - aprīl - - - - septembr oktobr novembr decembr".split(), 1
        )
        if stem != "-"
        for row in (
            ("MONTH", number, f"{stem}-is,a,im,i,ī"),
            ("BAREMONTH", number, f"{stem}-is,a,im,i,ī"),
            ("DATED", number, f"{stem}-is,im,i,ī"),
            ("IN_MONTH", number, f"{stem}ī"),
        )
    ),
    *(
        row
        for number, stem in ((3, "mart"), (5, "maij"), (6, "jūnij"), (7, "jūlij"), (8, "august"))
        for row in (
            ("MONTH", number, f"{stem}-s,a,am,u,ā"),
            ("BAREMONTH", number, f"{stem}-s,a,am,u,ā"),
            ("DATED", number, f"{stem}-s,am,u"),
            ("DATED!", number, f"{stem}ā"),
            ("IN_MONTH!", number, f"{stem}ā"),
        )
    ),
    # --- what is no time
    (
        "MEASURE",
        None,
        "eiro eur euro latu lati latiem km m kg cilvēk-i,iem,us,u person-as,ām,u reiz-es,ēm,ēs",
    ),
    ("NAMED", None, "budžet-s,a,am,u,ā,i,us likum-s,a,am,u,ā,i,us,iem likumprojekt-s,a,u,am,i,us"),
    ("NAMED", None, "plān-s,a,am,u,ā,i,us programm-a,as,ai,u,ā stratēģij-a,as,ai,u,ā noteikum-i,u,iem,us,os"),
    (
        "NAMED",
        None,
        "pamatnostādn-es,ēm,ēs plānošanas rīkojum-s,a,am,u,ā spriedum-s,a,am,u,ā direktīv-a,as,ai,u,ā",
    ),
    ("NAMED", None, "regul-a,as,ai,u,ā lēmum-s,a,am,u,ā"),
    ("FOR", None, "gadam gadiem"),
    ("OTHER_YEAR", None, "mācību finanšu pārskata saimnieciskā"),
)
"""Kinds of words, their values and forms."""
PERSONS = "marta mārta maija maijs jūlija jūlijs jūnija jūnijs augusta augusts"
"""Months that are also names of persons."""
