"""Russian in Latin letters, Latvian in Cyrillic ones, and Latvian in old spellings.

Russian: BGN/PCGN 1947, ISO 9 (1968 and 1995), GOST 7.79 B, and as Latvian writes Russian names; soft signs
are often left out. Latvian in Cyrillic: the practical transcription of Latvian names in Russian. Old Latvian:
the orthography before 1908 (`wehstneeziba`), and its heir in letters without diacritics (`veestnieciiba`,
`shkjeersot`).
"""

from index.suggest.readings.alphabet import NOTHING, Alphabet

_VOWEL = "[aeiouyj'’]"
RUSSIAN = Alphabet(
    (
        ("shch|šč|ŝ", "щ"),
        ("sch", "щ сч"),
        ("zh|ž", "ж жь"),
        ("kh", "х кх"),
        ("ts", "ц тс"),
        ("tch|ch|č", "ч чь"),
        ("sh|š", "ш шь сх"),
        ("c", "ц к ч"),
        ("h", "х г"),
        ("x", "х кс"),
        ("w", "в"),
        ("q", "к"),
        (f"^[yj]e|(?<={_VOWEL})[yj]e", "е"),
        ("ye", "ые ье е"),
        ("je", "е ье ые"),
        ("i[yj]a", "ия"),
        ("[yj]a", "я ья"),
        ("ia", "ия я иа"),
        ("[yj]u", "ю ью"),
        ("iu", "ию ю иу"),
        ("[yj]o", "е ье йо"),
        ("y[yji]", "ый ыи"),
        ("i[yj](?![aeiou])", "ий"),
        ("(?<=[aeou])i", "и й"),
        ("(?<=[aeou])y", "й ы"),
        ("y", "ы й и"),
        ("j", "й ь"),
        ("e", "е э"),
        ("'|’", "ь ъ"),
        *(
            (f"{latin}(?!{_VOWEL}|{latin})", f"{letter} {letter}ь")
            for latin, letter in zip("lntsrdzmbpvf", "лнтсрдзмбпвф", strict=True)
        ),
        *zip("abvgdziklmnoprstuf", "абвгдзиклмнопрстуф", strict=True),
    )
)
RUSSIAN_PARTICLES = frozenset(
    "а без в во для до за и из или к ко на над не о об от по под при про с со у".split()
)
"""Prepositions and conjunctions, which are not looked up."""

_RUSSIAN_VOWEL = "[аеёиоуыэюяьъ]"
LATVIAN = Alphabet(
    (
        ("дз|дж", "dz"),
        ("щ", "sc"),
        ("ие", "ie ije"),
        (f"^е|(?<={_RUSSIAN_VOWEL})е", "je e"),
        ("е", "e"),
        (f"^ё|(?<={_RUSSIAN_VOWEL})ё", "jo"),
        ("ё", "o jo"),
        (f"^ю|(?<={_RUSSIAN_VOWEL})ю", "ju"),
        ("ю", "u ju"),
        (f"^я|(?<={_RUSSIAN_VOWEL})я", "ja"),
        ("я", "a ja"),
        (f"й(?={_RUSSIAN_VOWEL})", "j"),
        ("й", "i j"),
        ("г", "g h"),
        ("[ьъ]", NOTHING),
        *zip("абвджзиклмнопрстуфхцчшыэ", "abvdzziklmnoprstufhccsie", strict=True),
    )
)
RUSSIAN_ENDINGS = "om em oi ei im am ah a u e i".split()
"""Endings that Russian adds to a Latvian name, in Latvian letters: `Кучинскиса`."""

OLD_LATVIAN = Alphabet(
    (
        ("t[sſ]ch", "č"),
        ("d[sſ]ch", "dž"),
        ("[sſ]ch", "š ž"),
        ("aa|ah(?!a)", "ā"),
        ("ee", "ē ie"),
        ("eh(?!e)", "ē"),
        ("ii|ih(?!i)", "ī"),
        ("uu|uh(?!u)", "ū"),
        ("oo|oh(?!o)", "o"),
        ("sh", "š ž"),
        ("zh", "ž"),
        ("ch", "č h"),
        ("l[jh]", "ļ"),
        ("n[jh]", "ņ"),
        ("k[jh]", "ķ"),
        ("g[jh]", "ģ"),
        ("w", "v"),
        ("tz", "c"),
        ("ſ", "z s"),
        ("s", "s z"),
        ("z", "z c"),
    )
)
OLD_LETTERS = "aa|ee|ii|uu|oo|[aeiou]h|[szcſ]h|[lnkg][jh]|w|ſ|tz"
"""One of these is in a word that is in the old spelling."""
