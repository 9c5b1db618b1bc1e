"""When? The grammar of time in Latvian, English and Russian.

`latvian`, `english` and `russian` are the words of each language, `rules` says which of them make a time,
`grammar` reads by the rules, and `spans` turns what was read into days. `appearances` reads the question of
when something appeared.
"""

from index.query.times.spans import Days, Time

__all__ = ["Days", "Time"]
