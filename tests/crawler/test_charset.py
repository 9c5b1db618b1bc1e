import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.charset import LABELS, codec_of, decode, repair

LATVIAN = (
    "Drošības izaicinājumi Baltijas jūrā: ministrs uzsvēra, ka kritiskās infrastruktūras drošību ņems vērā. "
    "Ģimenes, ķēdes, ļaudis un žurnālisti – čakli."
)
RUSSIAN = "Министр внутренних дел подчеркнул важность гражданской обороны. Учения пройдут в Риге в мае."
ENGLISH = (
    "The Minister met Mr Müller and Ms Désirée Cañas at the Château de Blois – they spoke about security. "
    * 3
)


def html(text: str, codec: str, head: str = "") -> bytes:
    page = f"<html><head>{head}<title>{text}</title></head><body><p>{text}</p><p>{text}</p></body></html>"
    return page.encode(codec, "replace")


def meta(label: str) -> str:
    return f'<meta charset="{label}">'


QUOTED = "Ministrs: „Tā ir laba ziņa.” Ugunsdzēsēji: „Būs jauni transportlīdzekļi.”"
NAMES = (
    "The naïve café owners of Zürich and Málaga met the Minister; Mr Müller, too, was pleased with the visit."
)
# In windows-1257 these words are Latvian letters with diacritics, but no Latvian word has three in a row.
ACCENTS_ALONE = "Мир, мир! Они при мир? При мир, при мир они."
LATE = "<!-- " + "x" * 5_000 + " -->"
ROWS = [
    # text, its encoding, header, markup in the head
    # declared correctly, in the order of the standard
    (LATVIAN, "utf-8", "text/html; charset=utf-8", ""),
    (LATVIAN, "utf-8", 'text/html; charset="UTF8"', ""),
    (LATVIAN, "utf-8", "text/html;CHARSET = 'utf-8'", ""),
    (LATVIAN, "utf-8", "text/html", meta("utf-8")),
    (LATVIAN, "utf-8", "", ""),
    (LATVIAN, "utf-8-sig", "", ""),
    (LATVIAN, "utf-8-sig", "text/html; charset=windows-1257", meta("windows-1251")),
    (LATVIAN, "utf-16", "", ""),
    (LATVIAN, "utf-16", "text/html; charset=utf-8", ""),
    (LATVIAN, "utf-16-le", "text/html; charset=utf-16le", ""),
    (LATVIAN, "utf-16-be", "text/html; charset=utf-16be", ""),
    (LATVIAN, "utf-16-le", "", ""),
    (LATVIAN, "utf-16-be", "text/html", ""),
    (LATVIAN, "cp1257", "text/html; charset=windows-1257", ""),
    (LATVIAN, "cp1257", "text/html; charset=cp1257", meta("utf-8")),
    (LATVIAN, "cp1257", "text/html", meta("windows-1257")),
    (LATVIAN, "cp1257", "", '<META HTTP-EQUIV=Content-Type CONTENT="text/html; charset=Windows-1257">'),
    (LATVIAN, "cp1257", "", "<meta content='text/html; charset=windows-1257' http-equiv='content-type'/>"),
    (LATVIAN, "cp1257", "", LATE + meta("windows-1257")),
    (LATVIAN, "cp1257", "", "<!-- " + meta("utf-8") + " -->" + meta("windows-1257")),
    (LATVIAN, "cp1257", "", '<meta name="description" content="charset=koi8-r">' + meta("windows-1257")),
    (LATVIAN, "cp1257", "", '<meta name="description" content="charset=shift_jis">'),
    (RUSSIAN, "cp1251", "text/html; charset=windows-1251", ""),
    (RUSSIAN, "koi8-r", "", meta("koi8-r")),
    (ENGLISH, "cp1252", "text/html; charset=iso-8859-1", ""),
    (ENGLISH, "cp1252", "", meta("windows-1252")),
    # not declared
    (LATVIAN, "cp1257", "text/html", ""),
    (LATVIAN, "iso8859-13", "text/html", ""),
    (LATVIAN, "iso8859-4", "text/html", ""),
    (RUSSIAN, "cp1251", "text/html", ""),
    (RUSSIAN, "koi8-r", "text/html", ""),
    (RUSSIAN, "iso8859-5", "text/html", ""),
    (RUSSIAN, "cp866", "text/html", ""),
    # declared by an unknown label
    (LATVIAN, "cp1257", "text/html; charset=latvian", ""),
    (LATVIAN, "cp1257", "text/html; charset=rot13", ""),
    (LATVIAN, "cp1257", "text/html; charset=unicode_escape", meta("windows-1257")),
    (LATVIAN, "utf-8", "text/html; charset=", ""),
    # declared wrongly
    (LATVIAN, "utf-8", "text/html; charset=iso-8859-1", ""),
    (LATVIAN, "utf-8", "text/html; charset=windows-1257", ""),
    (LATVIAN, "utf-8", "text/html", meta("windows-1257")),
    (LATVIAN, "utf-8", "text/html", meta("utf-16")),
    (LATVIAN, "cp1257", "text/html; charset=utf-8", ""),
    (LATVIAN, "cp1257", "text/html; charset=iso-8859-1", meta("windows-1257")),
    (LATVIAN, "cp1257", "text/html; charset=iso-8859-1", ""),
    (LATVIAN, "cp1257", "text/html; charset=windows-1252", ""),
    (LATVIAN, "cp1257", "text/html; charset=windows-1251", ""),
    (LATVIAN, "cp1257", "text/html; charset=windows-1250", ""),
    (LATVIAN, "cp1257", "text/html; charset=iso-8859-4", ""),
    (LATVIAN, "iso8859-4", "text/html; charset=windows-1257", ""),
    (LATVIAN, "iso8859-13", "text/html; charset=iso-8859-1", ""),
    (LATVIAN, "utf-16-le", "text/html; charset=utf-8", ""),
    (RUSSIAN, "cp1251", "text/html; charset=windows-1257", ""),
    (RUSSIAN, "cp1251", "text/html; charset=iso-8859-1", ""),
    (RUSSIAN, "cp1251", "text/html; charset=utf-8", ""),
    (RUSSIAN, "koi8-r", "text/html; charset=windows-1251", ""),
    (RUSSIAN, "cp1251", "text/html; charset=koi8-r", ""),
    (LATVIAN, "utf-8", "text/html; charset=utf-16", ""),
    (ACCENTS_ALONE, "cp1251", "text/html; charset=windows-1257", ""),
    # the same letters, other quotation marks
    (QUOTED, "iso8859-13", "text/html", ""),
    (QUOTED, "iso8859-13", "text/html; charset=windows-1257", ""),
    (QUOTED, "cp1257", "text/html; charset=iso-8859-13", ""),
    # English with western names, not declared or declared wrongly
    (NAMES, "cp1252", "text/html", ""),
    (NAMES, "cp1252", "text/html; charset=utf-8", ""),
]


@pytest.mark.parametrize(("text", "codec", "content_type", "head"), ROWS)
def test_page_is_decoded_correctly(text: str, codec: str, content_type: str, head: str) -> None:
    raw = html(text, codec, head)
    expected = text.encode(codec, "replace").decode(codec)
    assert f"<title>{expected}</title>" in decode(raw, content_type)


@pytest.mark.parametrize(
    "label", ["windows-1257", "windows-1251", "iso-8859-4", "iso-8859-13", "windows-1252"]
)
def test_all_high_bytes_of_a_declared_encoding_are_decoded(label: str) -> None:
    codec = codec_of(label)
    for byte in range(0x80, 0x100):
        char = bytes([byte]).decode(codec, "replace")
        expected = chr(byte) if char == "\ufffd" and byte < 0xA0 else char
        assert decode(b"<p>a %c</p>" % byte, f"text/html; charset={label}") == f"<p>a {expected}</p>"


def test_every_label_leads_to_a_codec() -> None:
    assert all(codecs.lookup(codec_of(name)).name for name in LABELS.values())
    assert (LABELS["latin1"], LABELS["l6"], LABELS["x-cp1257"]) == (
        "windows-1252",
        "iso-8859-10",
        "windows-1257",
    )


def test_stray_byte_does_not_spoil_the_page() -> None:
    raw = html(LATVIAN, "utf-8").replace(
        "drošību".encode(), "droš\xefbu".encode("latin-1", "ignore") + b"\xef", 1
    )
    assert "izaicinājumi" in decode(raw, "text/html; charset=utf-8")


@pytest.mark.parametrize(("letters", "is_utf8"), [(4, False), (5, True)])
def test_wrong_bytes_are_forgiven_among_five_times_as_many_letters(letters: int, *, is_utf8: bool) -> None:
    decoded = decode(("ā" * letters).encode() + b"\xff x", "")
    assert decoded.startswith("ā" * letters)
    assert ("\ufffd" in decoded) is is_utf8  # in an encoding of one byte, each byte is a character


@pytest.mark.parametrize("count", [1, 2])
def test_one_sequence_may_be_meant_and_two_are_garbled(count: int) -> None:
    letter = "š".encode().decode("windows-1252")
    assert repair(letter * count) == (letter if count == 1 else "šš")


def test_truncated_letter_does_not_spoil_the_page() -> None:
    assert decode(LATVIAN.encode()[:7] + b" ...", "text/html; charset=utf-8").startswith("Drošī")


def test_foreign_names_in_an_english_page_stay() -> None:
    text = "The security of the Baltic Sea, said Mr Château, Ms Tràn and Dr Forêt, is our security too. " * 5
    assert "Château" in decode(html(text, "cp1252"), "text/html; charset=iso-8859-1")


def test_an_xml_declaration_counts() -> None:
    raw = f'<?xml version="1.0" encoding="windows-1257"?><rss><title>{LATVIAN}</title></rss>'.encode("cp1257")
    assert LATVIAN in decode(raw, "application/rss+xml")


@pytest.mark.parametrize("name", ["cp1252", "latin-1", "cp1257", "cp1251"])
@pytest.mark.parametrize("text", [LATVIAN, RUSSIAN])
def test_twice_encoded_text_is_repaired(text: str, name: str) -> None:
    table = {byte: bytes([byte]).decode(name, "replace") for byte in range(256)}
    garbled = "".join(
        chr(byte) if table[byte] == "\ufffd" and byte < 0xA0 else table[byte] for byte in text.encode()
    )
    assert repair(garbled) == text


@pytest.mark.parametrize(
    "text",
    [
        LATVIAN,
        RUSSIAN,
        ENGLISH,
        "Ä«, Ä un Å ir burti.",
        "«СССР» и «Р» — буквы, «С» тоже.",
        "Veļas mazgātava „Ā” · «Š» ½ £",
        "Ärger über Ölförderung in Århus: ÄÄ, ÅÅ.",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair(text) == text


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=gbk", "\x00;charset="]),
)
def test_any_bytes_can_be_decoded(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_declared_utf_8_is_read_as_it_is(text: str) -> None:
    body = f"<p>{LATVIAN}{text}".encode()
    if body.count(0) == 0 and repair(body.decode()) == body.decode():
        assert decode(body, "text/html; charset=utf-8") == body.decode()
