"""Which answers has the operator chosen for a query?"""

from index.best_bets.bet_file import FILE, BestBet, load_bets
from index.best_bets.bet_lookup import BestBets
from index.best_bets.chosen_answer import ChosenAnswer, answer_of, find_dangling
from index.best_bets.live_bets import LiveBets

__all__ = [
    "FILE",
    "BestBet",
    "BestBets",
    "ChosenAnswer",
    "LiveBets",
    "answer_of",
    "find_dangling",
    "load_bets",
]
