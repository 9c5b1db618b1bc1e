from importlib.metadata import packages_distributions, version

# The pinned distribution, and those that `make test-whoosh` installs in its place.
DISTRIBUTIONS = {"whoosh3": "3.54.0", "Whoosh": "2.7.4", "Whoosh-Reloaded": "2.7.5"}


def test_one_distribution_alone_provides_whoosh() -> None:
    # Five distributions install the same folder; a second one would silently overwrite the first.
    (name,) = set(packages_distributions()["whoosh"])
    assert version(name) == DISTRIBUTIONS[name]
