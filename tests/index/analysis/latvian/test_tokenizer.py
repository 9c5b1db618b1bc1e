import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.tokenizer import TERM_CHARS, TOKEN, acronym, read, safe_cuts


def terms(text: str) -> list[tuple[str, ...]]:
    return [read(match[0]).terms for match in TOKEN.finditer(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27.novembrī", [("27",), ("novembrī",)]),
        ("2012.gadā", [("2012",), ("gadā",)]),
        ("D.Trofimovs", [("d",), ("trofimovs",)]),
        ("A.K.Bērziņš", [("a",), ("k",), ("bērziņš",)]),
        ("Nr.123, Nr. 124", [("nr",), ("123",), ("nr",), ("124",)]),
        ("27.11.2017.", [("27.11.2017", "2017")]),
        ("1.7.2017 un 27. 11. 2017", [("01.07.2017", "2017"), ("un",), ("27.11.2017", "2017")]),
        ("2017-11-27", [("27.11.2017", "2017")]),
        ("99.99.2017", [("99.99.2017",)]),
        ("ivars.kalns@iem.gov.lv", [("ivars.kalns@iem.gov.lv", "ivars", "kalns", "iem", "gov", "lv")]),
        ("http://www.bsr-secure.eu/flagship/.", [("bsr", "secure", "eu", "flagship", "bsrsecure")]),
        ("www.lv.lv/a-b-c-d", [("lv", "a", "b", "c", "d")]),
        ("+371 67 000 000", [("67000000",)]),
        ("67000000, 67 00 00 00", [("67000000",), ("67000000",)]),
        ("e-pasts", [("epasts", "pasts")]),
        ("e‑veselība", [("eveselība", "veselība")]),
        ("Covid-19", [("covid19", "covid", "19")]),
        ("5G, LV-1050", [("5g", "5"), ("lv1050", "lv", "1050")]),
        ("2014.–2020.gadam", [("2014",), ("2020",), ("gadam",)]),
        ("341./343.nr.", [("341",), ("343",), ("nr",)]),
        ("12\u00a0000 eiro, 1,5 %", [("12000",), ("eiro",), ("1,5", "1.5")]),
        ("1,224 euros, 1,000,000", [("1,224", "1.224", "1224"), ("euros",), ("1,000,000", "1000000")]),
        ("plkst.10.00, 10:30", [("plkst",), ("10.00", "10,00"), ("10:30",)]),
        ("minis\u00adtrija", [("ministrija",)]),
        ("minis-\ntrija", [("ministrija",)]),
        ("Rīga -\nValmiera", [("rīga",), ("valmiera",)]),
        (unicodedata.normalize("NFD", "Īpašs ķirsis"), [("īpašs",), ("ķirsis",)]),
        ("k\u0326irsis", [("ķirsis",)]),
        ("„Drošība“ “Rīga” «jūra»", [("drošība",), ("rīga",), ("jūra",)]),
        ("O’Konors", [("o'konors",)]),
        ("conﬁdence", [("confidence",)]),
        ("Министерство", [("министерство",)]),
        ("İzmir", [("izmir",)]),
        ("_a_ ** \x00\ud800", [("a",)]),
    ],
)
def test_release_texts_are_tokenized(text: str, expected: list[tuple[str, ...]]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("ES", "^es"),
        ("IeM", "^iem"),
        ("LDz", "^ldz"),
        ("VARAM", "^varam"),
        ("ĀM", "^ām"),
        ("Es", None),
        ("es", None),
        ("A", None),
        ("PAZIŅOJUMS", None),
        ("NATO-2", None),
    ],
)
def test_acronyms_get_a_term_of_their_own(word: str, term: str | None) -> None:
    assert acronym(word) == term


@given(st.text())
def test_any_text_gives_short_terms_in_lower_case(text: str) -> None:
    for token in terms(text):
        for term in token:
            assert 0 < len(term) <= TERM_CHARS
            assert not term.isspace()


@given(st.text(alphabet="aāĀ1.-@:/' \u00ad\u0304\nи+w", max_size=60))
def test_tokens_do_not_overlap_and_contain_a_letter_or_digit(text: str) -> None:
    end = 0
    for match in TOKEN.finditer(text):
        assert end <= match.start() < match.end()
        assert any(map(str.isalnum, match[0]))
        end = match.end()


@given(st.from_regex(r"[a-zāčēģīķļņšūž]{1,20}", fullmatch=True))
def test_a_word_is_one_token_in_any_normal_form(word: str) -> None:
    assert terms(unicodedata.normalize("NFD", word)) == terms(word) == [(word,)]


WORDS = (
    "+371",
    "67",
    "000",
    "27.",
    "11.",
    "2017",
    "1,5",
    "gada",
    "Rīgas",
    "minis-",
    "trija",
    "a.b@c.lv",
    "www.",
)
SIGNS = ("http://a", "-", "–", ",", ".", ":", "'", "\u0304", "\u00ad", "\u00a0", "\r", "\n", " ", " ", " ")


@given(st.lists(st.sampled_from(WORDS + SIGNS), max_size=30).map("".join))
def test_safe_cuts_keep_the_tokens(text: str) -> None:
    letters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    edges = [-1, *safe_cuts(letters).nonzero()[0].tolist(), len(text)]
    tokens = [
        (before + 1 + match.start(), match[0])
        for before, end in pairwise(edges)
        for match in TOKEN.finditer(text[before + 1 : end])
    ]
    assert all(text[edge] in " \n" for edge in edges[1:-1])
    assert tokens == [(match.start(), match[0]) for match in TOKEN.finditer(text)]
