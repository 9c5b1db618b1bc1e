from datetime import date
from pathlib import Path

from crawler.store import Store
from index.best_bets import BestBet, ChosenAnswer, answer_of, find_dangling
from preses_relizes.shared.masking import mask
from tests.index.conftest import SEEN, Save


def bet(**values: object) -> BestBet:
    return BestBet.model_validate({"queries": ["x"], **values})


def test_a_release_is_given_by_address_or_id(save: Save, store: Store) -> None:
    id_ = save("a", title="Zvaniet 67000001", published=date(2020, 5, 1))
    answer = answer_of(bet(release="http://www.iem.example/a/"), store)
    assert answer == answer_of(bet(release=id_), store)
    assert answer == ChosenAnswer(
        title=mask("Zvaniet 67000001"),
        url="https://iem.example/a",
        release=id_,
        ministry="Iekšlietu ministrija",
        published=date(2020, 5, 1),
        language="lv",
    )


def test_what_the_bet_says_of_a_release_is_shown(save: Save, store: Store) -> None:
    id_ = save("a", title="Zvaniet 67000001")
    answer = answer_of(bet(release=id_, title="Zvani", text="Visu dienu."), store)
    assert answer is not None
    assert (answer.title, answer.text, answer.release) == ("Zvani", "Visu dienu.", id_)


def test_an_address_is_its_own_answer(store: Store) -> None:
    answer = answer_of(bet(url="https://112.example/", title="112", text="Zvaniet."), store)
    assert answer == ChosenAnswer(title="112", url="https://112.example/", text="Zvaniet.")


def test_hidden_and_unknown_releases_are_no_answer(save: Save, store: Store) -> None:
    save("a")
    store.hide("https://iem.example/a", seen=SEEN)
    assert answer_of(bet(release="https://iem.example/a"), store) is None
    assert answer_of(bet(release="iem-0000000000"), store) is None


def test_bets_whose_release_is_not_in_the_index_dangle(save: Save, store: Store, data: Path) -> None:
    kept, lost = save("a"), save("b")
    bets = (
        bet(release=kept),
        bet(release=lost),
        bet(release="https://iem.example/c"),
        bet(release="https://iem.example/d", until=date(2026, 1, 1)),
        bet(release="https://iem.example/e", until=date(2026, 1, 2)),
        bet(url="https://112.example/", title="112"),
    )
    dangling = find_dangling(bets, store, indexed={kept}, today=date(2026, 1, 2))
    assert list(dangling) == [bets[1], bets[2], bets[4]]
