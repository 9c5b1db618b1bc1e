"""Against the published test vectors of RFC 6962, and its definitions."""

import pytest

from crawler.store.log.merkle import EMPTY_ROOT, Subtree, inclusion_proof, leaf_hash, root_of, root_of_hashes
from tests.support.logs import load_verifier, plain_proof, plain_root

# The reference data of Certificate Transparency: leaves, and the root of the first so many of them.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def subtree_of(hashes: list[bytes]) -> Subtree:
    return lambda level, index: root_of_hashes(hashes[index << level : (index + 1) << level])


@pytest.mark.parametrize(("size", "root"), [*enumerate(ROOTS)])
def test_roots_are_those_of_the_reference(size: int, root: str) -> None:
    assert root_of(size, subtree_of([*map(leaf_hash, LEAVES)])).hex() == root


def test_the_empty_tree_has_a_root() -> None:
    assert EMPTY_ROOT.hex() == ROOTS[0]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 65])
def test_a_proof_is_the_path_of_the_rfc_and_leads_strangers_to_the_root(size: int) -> None:
    hashes = [leaf_hash(bytes([number])) for number in range(size)]
    verifier = load_verifier()
    for index in range(size):
        proof = inclusion_proof(index, size, subtree_of(hashes))
        assert proof == plain_proof(index, hashes)
        assert verifier.root_by_proof(hashes[index], index, size, proof) == plain_root(hashes)
