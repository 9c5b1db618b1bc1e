from importlib.metadata import packages_distributions


def test_one_distribution_alone_provides_whoosh() -> None:
    # Five projects own the same folder; a second one would overwrite files of the first without a word.
    assert set(packages_distributions()["whoosh"]) == {"whoosh3"}
