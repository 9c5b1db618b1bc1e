from pathlib import Path

import pytest

from index.analysis import Analyzer, vocabulary_cache
from index.analysis.forms import FIELD_END
from index.analysis.latvian.tokenizer import SURFACE_CHARS
from index.analysis.vocabulary_cache import FormsCache, PackedCache, VocabularyCache, can_load


def test_a_saved_vocabulary_is_loaded_by_another_analyzer(tmp_path: Path) -> None:
    before, after = Analyzer(), Analyzer()
    texts = [("Drošība minis-\ntrija “ES” 10 000", "lv"), ("Ministers A", "en")]
    forms = [[token.forms.terms for token in before.analyze(*text)] for text in texts]
    before.save_vocabulary(tmp_path / "vocabulary")
    assert after.load_vocabulary(tmp_path / "vocabulary")
    assert [[token.forms.terms for token in after.analyze(*text)] for text in texts] == forms


def test_words_are_analysed_again_after_forget() -> None:
    analyzer = Analyzer()
    before = [token.forms.terms for token in analyzer.analyze("Drošības ministriem")]
    analyzer.forget()
    assert [token.forms.terms for token in analyzer.analyze("Drošības ministriem")] == before


@pytest.mark.parametrize("damage", [b"", b"0000\n", b'["lv"', b"\xff\xff", b'["lv", "a"]\n', b"null\n"])
def test_a_damaged_vocabulary_is_not_loaded(tmp_path: Path, damage: bytes) -> None:
    analyzer = Analyzer()
    analyzer.save_vocabulary(tmp_path / "vocabulary")
    head = (tmp_path / "vocabulary").read_bytes() if len(damage) > 5 else b""
    (tmp_path / "vocabulary").write_bytes(head + damage)
    assert not analyzer.load_vocabulary(tmp_path / "vocabulary")


def test_a_missing_vocabulary_is_not_loaded(tmp_path: Path) -> None:
    assert not Analyzer().load_vocabulary(tmp_path / "nothing")


# --- The caches ---


class LookedUp(list[str]):
    """The words looked up; each has one term in each field, the word itself."""

    def look_up(self, word: str) -> bytes:
        self.append(word)
        return "\x1e".join([word] * 4).encode()


def test_a_word_is_looked_up_once() -> None:
    words = LookedUp()
    cache = PackedCache(words.look_up)
    assert (cache.peek("a"), words) == (None, [])
    assert cache["a"] == cache["a"] == cache.peek("a") == b"a\x1ea\x1ea\x1ea"
    assert words == ["a"]


def test_words_not_seen_recently_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary_cache, "PACKED_MAX", 2)
    words = LookedUp()
    cache = PackedCache(words.look_up)
    for word in "abc":  # the first two are older now
        cache[word]
    assert (list(cache), [cache.peek(word) is not None for word in "abcd"]) == (
        ["c"],
        [True, True, True, False],
    )
    cache["a"]  # recent again, without being looked up
    cache["d"]  # drops "b"
    assert (words, sorted(word for word, _ in cache.rows())) == (["a", "b", "c", "d"], ["a", "c", "d"])
    assert [cache.peek(word) is not None for word in "abcd"] == [True, False, True, True]


@pytest.mark.parametrize("more", [0, 1, 500])
def test_a_word_longer_than_a_token_has_the_terms_of_its_beginning(more: int) -> None:
    words, word = LookedUp(), "a" * SURFACE_CHARS
    packed = PackedCache(words.look_up)
    assert packed[word + "b" * more] == packed[word]
    forms = FormsCache(packed)
    assert forms[word + "b" * more] is forms[word]
    assert (words, len(packed), len(forms)) == ([word], 1, 1)


def test_recalled_words_are_not_looked_up() -> None:
    words = LookedUp()
    before, after = PackedCache(words.look_up), PackedCache(words.look_up)
    before["a"], before["b"]
    after.recall([FIELD_END.join(row) for row in before.rows()])
    assert (after["a"], after.peek("b")) == (before["a"], None)
    assert words == ["a", "b"]
    after.clear_all()
    assert (after.peek("a"), after["b"]) == (None, before["b"])
    assert words == ["a", "b", "b"]


def test_forms_are_one_object_for_each_word_and_share_equal_terms() -> None:
    forms = FormsCache(PackedCache(lambda word: f"lemma\x1e{word}\x1e\x1e{word}".encode()))
    first, second = forms["a"], forms["b"]
    assert forms["a"] is first
    assert (first.terms, second.stem) == ((("lemma",), ("a",), (), ("a",)), ("b",))
    assert first.lemma is second.lemma
    assert first.stem is first.fold


def test_forms_are_dropped_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary_cache, "FORMS_MAX", 2)
    forms = FormsCache(PackedCache(LookedUp().look_up))
    for word in "ab":
        forms[word]
    assert list(forms) == ["a", "b"]
    forms["c"]
    assert list(forms) == ["c"]


def test_each_language_has_its_words(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []

    def look_up(language: str, word: str) -> bytes:
        seen.append((language, word))
        return "\x1e".join([language] * 4).encode()

    cache = VocabularyCache(look_up)
    assert [cache.forms[language]["a"].lemma for language in ("lv", "en", "ru")] == [
        ("lv",),
        ("en",),
        ("ru",),
    ]
    cache.save(tmp_path / "words", "print")
    after = VocabularyCache(look_up)
    assert not after.load(tmp_path / "words", "other")
    assert not can_load(tmp_path / "words", "other")
    assert can_load(tmp_path / "words", "print")
    assert after.load(tmp_path / "words", "print")
    assert [after.packed[language]["a"][:2] for language in ("ru", "lv", "en")] == [b"ru", b"lv", b"en"]
    assert seen == [("lv", "a"), ("en", "a"), ("ru", "a")]
    cache.clear()
    assert (len(cache.forms["lv"]), len(cache.packed["lv"])) == (0, 0)


def test_a_vocabulary_without_words_is_saved_and_loaded(tmp_path: Path) -> None:
    cache = VocabularyCache(lambda *_: b"")
    cache.save(tmp_path / "words", "print")
    assert cache.load(tmp_path / "words", "print")
    assert [[*cache.packed[language].rows()] for language in ("lv", "en", "ru")] == [[], [], []]


def test_an_analyzer_says_whether_it_can_load_a_vocabulary(tmp_path: Path) -> None:
    analyzer, path = Analyzer(), tmp_path / "vocabulary"
    assert not analyzer.can_load(path)
    analyzer.save_vocabulary(path)
    assert analyzer.can_load(path)
    path.write_bytes(path.read_bytes() + b"x")
    assert not analyzer.can_load(path)
