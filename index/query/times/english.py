"""The words of time of English."""

from index.query.times.lexicon import Row
from preses_relizes.shared.calendar import ENGLISH_MONTHS

WORDS: tuple[Row, ...] = (
    # --- before and after
    ("AFTER", None, "after"),
    ("BEFORE", None, "before"),
    ("SINCE", None, "since"),
    ("FROM", None, "from"),
    ("UNTIL", None, "until till"),
    ("TO", None, "to until till through"),
    ("BETWEEN", None, "between"),
    ("AND", None, "and"),
    ("AGO", None, "ago"),
    ("IN", None, "in during"),
    ("IN_YEAR", None, "in during throughout"),
    ("ONWARDS", None, "onwards onward"),
    ("ON", None, "on"),
    ("WITHIN", None, "in over during within for"),
    ("THE", None, "the"),
    ("OF", None, "of"),
    # --- this, last, next
    ("LAST", None, "past"),
    ("PAST", None, "last previous"),
    ("THIS", None, "this current"),
    ("NEXT", None, "next coming"),
    ("THEN", ("day", 0), "today"),
    ("THEN", ("day", -1), "yesterday"),
    ("THEN", ("day", 1), "tomorrow"),
    # --- units
    *(
        row
        for unit in ("day", "week", "month", "quarter", "year", "decade")
        for row in (("UNIT", unit, unit), ("UNITS", unit, f"{unit}s"))
    ),
    ("HOURS", None, "hours"),
    ("TURN", None, "turn"),
    ("YEAR_WORD", None, "year"),
    ("WEEKEND", None, "weekend"),
    # --- numbers
    ("A", None, "a an one"),
    *(
        ("NUMBER", number, word)
        for number, word in enumerate(
            "one two three four five six seven eight nine ten eleven twelve".split(), 1
        )
    ),
    ("NUMBER", 15, "fifteen"),
    ("NUMBER", 20, "twenty"),
    ("NUMBER", 30, "thirty"),
    ("NUMBER", 100, "hundred"),
    *(("ORDINAL", number, word) for number, word in enumerate("first second third fourth".split(), 1)),
    ("TH", None, "st nd rd th"),
    # --- parts of a year
    ("PART", "beginning", "beginning start early"),
    ("PART", "middle", "middle mid"),
    ("PART", "end", "end late"),
    ("QUARTER", None, "quarter"),
    ("Q", None, "q"),
    ("H", None, "h"),
    ("HALF", None, "half"),
    ("SEASON", 3, "spring"),
    ("SEASON", 6, "summer"),
    ("SEASON", 9, "autumn fall"),
    ("SEASON", 12, "winter"),
    ("DECADE", 1980, "eighties"),
    ("DECADE", 1990, "nineties"),
    ("S", None, "s"),
    # --- days of the week and months
    *(
        row
        for number, stem in enumerate("mon tues wednes thurs fri satur sun".split())
        for row in (("WEEKDAY", number, f"{stem}day"),)
    ),
    *(
        (kind, number, name)
        for number, name in enumerate(ENGLISH_MONTHS, 1)
        for kind in ("MONTH", "BAREMONTH", "DATED", "PREPOSITION_MONTH")
    ),
    # --- what is no time
    ("MEASURE", None, "euros people km kg metres times"),
    ("OTHER_YEAR", None, "school academic financial fiscal"),
    ("NAMED", None, "budget plan programme strategy act law regulation directive"),
)
"""Kinds of words, their values and forms."""
