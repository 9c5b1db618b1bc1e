from index.analysis.latvian.stopwords import stop_words


def test_stop_words_are_compared_with_diacritics() -> None:
    assert {"virs", "ka", "kā", "un", "the", "и"} <= stop_words()
    assert stop_words().isdisjoint({"vīrs", "drošība", ""})
