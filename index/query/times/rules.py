"""The rules of time: which words and figures, one after another, name which days.

`grammar` describes how a rule is written. Where two rules read the same words, the first is right.
"""

from collections.abc import Sequence

from index.query.times import meanings as means
from index.query.times import spans
from index.query.times.figures import FIGURES, FIGURES_ALONE, latest_day, year
from index.query.times.grammar import Make, Table, backwards

_FROM_TO = ("FROM? {one} TO {other}", "{one} DASH {other}", "BETWEEN {one} AND {other}")


def _ranges(one: str, other: str, make: Make) -> Sequence[tuple[str, Make]]:
    return [(line.format(one=one, other=other), make) for line in _FROM_TO]


def _words(*lines: str) -> Sequence[tuple[str, Make]]:
    return [(line, means.nothing) for line in lines]


RULES: Table = {
    # --- figures
    "figures": FIGURES,
    # --- small parts
    "count": (("COUNT", means.same), ("NUMBER", means.same), ("NUMBER NUMBER", means.tens_and_ones)),
    "units": (("UNIT", means.same), ("UNITS", means.same)),
    "of": _words("OF THE?", "THE"),
    "day": (("DAY '.'?", means.same), ("DAY TH~", means.same)),
    "ordinal": (
        ("ORDINAL", means.same),
        ("ROMAN '.'?", means.same),
        ("FIGURE '.'?", means.same),
        ("FIGURE TH~", means.same),
        ("FIGURE DASH~ ORDINAL_ENDING~", means.same),
        ("FIGURE ORDINAL_ENDING~", means.same),
    ),
    # --- what comes every year
    "month": (("MONTH", means.month),),
    "month_day": (
        ("day MONTH", means.day_of_year),
        ("THE? day OF MONTH", means.day_of_year),
        ("MONTH DAY", backwards(means.day_of_year)),
        ("MONTH DAY TH~", backwards(means.day_of_year)),
    ),
    "days": (
        ("day DASH day MONTH", means.days_of_month),
        ("FROM? day TO day MONTH", means.days_of_month),
        ("MONTH DAY DASH DAY", means.days_after_month),
    ),
    "season": (("SEASON", means.season),),
    "quarter": (
        ("ordinal QUARTER", means.quarter),
        ("Q FIGURE~", means.quarter),
        ("FIGURE Q~", means.quarter),
    ),
    "half_year": (
        ("ordinal HALF_YEAR", means.half_year),
        ("H FIGURE~", means.half_year),
        ("FIGURE H~", means.half_year),
    ),
    "half": (("half_year", means.same), ("ordinal HALF", means.half_year)),
    "month_part": (
        ("month PART", backwards(means.part_of)),
        ("PART of? month", means.part_of),
        ("PART DASH~ month", means.part_of),
        ("month ordinal HALF", backwards(means.half_of)),
        ("ordinal HALF of? month", means.half_of),
    ),
    "season_part": (("season PART", backwards(means.part_of)), ("PART of? season", means.part_of)),
    "yearly": (
        *((name, means.same) for name in ("month_day", "days", "month", "season", "quarter", "half")),
        *((name, means.same) for name in ("month_part", "season_part")),
        ("MONTH DASH MONTH", means.months),
    ),
    "turn": (
        ("'gadu' TURN", means.turn),
        ("TURN_OF_YEARS", means.turn),
        ("TURN OF THE? YEAR_WORD", means.turn),
    ),
    "named_yearly": (*((name, means.same) for name in ("month", "season", "month_day")),),
    # --- years
    "bare_year": (("YEAR '.'~ !COUNT~", year), ("YEAR !MEASURE !'%' !'.'~", year)),
    "year": (
        ("YEAR '.'? YEAR_WORD", year),
        ("YEAR '.'? G '.'~?", year),
        ("'year' YEAR", year),
        ("IN_YEAR YEAR !MEASURE !'%' !'.'~ YEAR_WORD?", year),
        ("relative", means.only_year),
    ),
    "years": (
        ("YEAR '.'? YEAR_WORD? DASH YEAR '.'? YEAR_WORD", means.years),
        ("YEAR '.'? YEAR_WORD? DASH YEAR '.'? G '.'~?", means.years),
    ),
    "decade": (
        ("YEAR '.' YEARS_WORD", means.decade),
        ("NN_2 '.' YEARS_WORD", means.decade),
        ("NN_2 DASH~? DECADE_ENDING~ YEARS_WORD?", means.decade),
        ("YEAR DASH~? DECADE_ENDING~ YEARS_WORD?", means.decade),
        ("YEAR S~", means.decade),
        ("NN_2 S~", means.decade),
        ("DECADE YEARS_WORD?", means.decade),
    ),
    # --- relative to today
    "relative": (
        ("PAST UNIT", means.steps(-1)),
        ("THIS UNIT", means.steps(0)),
        ("NEXT UNIT", means.steps(1)),
        ("BEFORE_LAST UNIT", means.steps(-2)),
        ("UNIT 'before' 'last'", means.steps(-2)),
        ("THEN", means.then),
        ("'day' 'before' 'yesterday'", means.days_from_today(-2)),
        ("'day' 'after' 'tomorrow'", means.days_from_today(2)),
    ),
    "last_units": (
        ("LAST count units DURING?", means.last),
        ("PAST count units DURING?", means.last),
        ("LAST IN_UNIT", means.last_one),
        ("LAST UNIT DURING", means.last_one),
        ("WITHIN THE? LAST UNIT", means.last_one),
        ("WITHIN THE 'last' UNIT", means.last_one),
        ("'past' UNIT", means.last_one),
        ("LAST HALF_A_YEAR", means.last_half_year),
        ("LAST count HOURS DURING?", means.last_hours),
        ("PAST count HOURS DURING?", means.last_hours),
        ("LAST count DAYS_OF_24_HOURS DURING?", means.last_days_of_24_hours),
        ("LAST DAYS_OF_24_HOURS DURING?", means.last_24_hours),
        ("WITHIN PAST DAYS_OF_24_HOURS", means.last_24_hours),
    ),
    "ago": (
        ("AGO_BEFORE count units", means.ago),
        ("AGO_BEFORE OF_UNIT", means.one_ago),
        ("count units 'тому'? AGO", means.ago),
        ("ONE AGO", means.one_ago),
        ("A UNIT AGO", means.one_ago),
        ("HALF_A_YEAR AGO", means.half_a_year_ago),
    ),
    "weekday": (
        ("PAST WEEKDAY", means.last_weekday),
        ("PAST ON_DAY", means.last_weekday),
        ("LAST_DAY", means.last_weekday),
        ("THIS WEEKDAY", means.weekday),
        ("THIS ON_DAY", means.weekday),
        ("NEXT WEEKDAY", means.next_weekday),
        ("NEXT ON_DAY", means.next_weekday),
        ("relative WEEKDAY", means.weekday_of),
        ("ON WEEKDAY", means.weekday),
        ("ON_DAY", means.weekday),
        ("PAST OF_WEEK? WEEKEND", means.last_weekend),
        ("THIS OF_WEEK? WEEKEND", means.this_weekend),
    ),
    "relative_season": (
        ("THIS season", means.this_season),
        ("PAST season", means.latest_over),
        ("THIS_SEASON", means.season_now),
        ("LAST_SEASON", means.season_over),
        ("SEASON_YEARS_AGO", means.season_years_ago),
        ("PAST month", means.latest_over),
    ),
    "any_weekday": (("WEEKDAY", means.same), ("ON_DAY", means.same), ("ON WEEKDAY", means.same)),
    "dated": (
        ("figures", means.same),
        ("year of? month_day", means.in_year),
        ("month_day of? year", backwards(means.in_year)),
        ("month_day of? bare_year", backwards(means.in_year)),
    ),
    # --- a time in any text
    "time": (
        ("figures", means.same),
        ("decade", means.same),
        ("decade PART", backwards(means.part_of)),
        ("PART of? decade", means.part_of),
        ("PART DASH~ decade", means.part_of),
        ("year of? yearly", means.in_year),
        ("yearly of? year", backwards(means.in_year)),
        ("LAST QUARTER of? year", means.last_quarter_of),
        ("year LAST QUARTER", means.last_quarter_of),
        ("yearly of? bare_year", backwards(means.in_year)),
        ("bare_year named_yearly", means.in_year),
        ("YEAR '.'? '/' YEAR '.'? YEAR_WORD season", means.winter),
        ("season YEAR '/' YEAR", means.winter_of),
        ("season YEAR '/' NN_2", means.winter_of),
        ("YEAR '.'? '/' YEAR '.'? 'gadu' TURN", means.turn_of),
        ("YEAR '.'? AND YEAR '.'? YEAR_WORD TURN", means.turn_of),
        ("years", means.same),
        ("YEAR DASH YEAR '.'~?", means.years),
        ("year", means.same),
        ("year PART", backwards(means.part_of)),
        ("year WEEKEND", means.end_of),
        ("year DURING", means.same),
        ("PART of? year", means.part_of),
        ("PART of? bare_year", means.part_of),
        ("PART DASH~ bare_year", means.part_of),
        ("relative", means.same),
        ("relative PART", backwards(means.part_of)),
        ("PART of? relative", means.part_of),
        ("relative ordinal HALF", backwards(means.half_of)),
        ("ordinal HALF of? relative", means.half_of),
        ("ago", means.same),
        ("weekday", means.same),
        ("any_weekday dated", means.whatever_weekday),
        ("relative_season", means.same),
    ),
    "recent": (
        ("day DATED", latest_day),
        ("any_weekday month_day", means.latest_on_weekday),
        ("THE? turn", means.latest),
        ("IN_MONTH", means.latest_month),
        ("IN PREPOSITION_MONTH", means.latest_month),
        ("month_part", means.latest),
        ("quarter", means.latest),
        ("half_year", means.latest),
        ("YEAR_WORD PART", means.latest_part_of("year")),
        ("PART of YEAR_WORD", means.latest_part_of("year")),
        ("'mēneša' PART", means.latest_part_of("month")),
        ("PART of 'month'", means.latest_part_of("month")),
    ),
    "bare_month": (("BAREMONTH", means.latest_month),),
    "moment": (
        *((name, means.same) for name in ("time", "bare_year", "recent", "bare_month")),
        ("month_day", means.latest),
        ("season", means.latest),
        ("WEEKDAY", means.weekday),
    ),
    "after": _words("AFTER", "'vēlāk' 'par'", "'later' 'than'"),
    "before": _words(
        "BEFORE", "'agrāk' 'par'", "'agrāk' 'nekā'", "'prior' 'to'", "'earlier' 'than'"
    ),
    "since": _words(
        "SINCE", "SINCE FROM", "FROM", "'sākot' 'ar'", "'sākot' 'no'", "'ne' 'agrāk' 'kā'", "'starting' FROM?"
    ),
    "until": _words(
        "UNTIL", "'ne' 'vēlāk' 'kā'", "'ne' 'vēlāk' 'par'",
        "'up' 'to'", "'no' 'later' 'than'", "'не' 'позднее'"
    ),
    "bound": (
        ("after THE? moment", means.bound(spans.after)),
        ("before THE? moment", means.bound(spans.before)),
        ("since THE? moment", means.bound(spans.since)),
        ("since? THE? moment AND? ONWARDS", means.bound(spans.since)),
        ("until THE? moment", means.bound(spans.until)),
        *_ranges("yearly", "moment", means.from_yearly),
        *_ranges("moment", "yearly", means.to_yearly),
        *_ranges("yearly", "yearly", means.between_yearly),
        *_ranges("moment", "moment", means.between),
        ("year yearly TO yearly", means.from_year),
        ("last_units", means.same),
        ("FROM THE? last_units", means.same),
    ),
    "preposition": _words("PREPOSITION", "IN", "WITHIN", "ON", "'at'"),
    "text": (
        ("preposition? THE? time", means.same),
        ("preposition? THE? bound", means.same),
        ("preposition? THE? recent", means.same),
    ),
    # --- a text that is nothing but a time
    "alone": (
        ("text", means.same),
        ("preposition? THE? moment", means.same),
        *FIGURES_ALONE,
        ("YEAR_WORD YEAR", year),
        ("month_day", means.latest),
        *_ranges("moment", "moment", means.between),
    ),
}  # fmt: skip
"""Rules by name; `text` reads a time among other words, `alone` a text that is only a time."""
