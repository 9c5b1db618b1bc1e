"""Who has asked to be mailed what, how do they begin and end it, and what is new for them?"""

from searcher.subscriptions.database import FILE, SubscriptionDatabase, SubscriptionFileError
from searcher.subscriptions.desk import Desk, open_desk
from searcher.subscriptions.keys import KeyFileError, make_key
from searcher.subscriptions.rounds import MailRound, RoundReport
from searcher.subscriptions.views import subscriptions

__all__ = [
    "FILE",
    "Desk",
    "KeyFileError",
    "MailRound",
    "RoundReport",
    "SubscriptionDatabase",
    "SubscriptionFileError",
    "make_key",
    "open_desk",
    "subscriptions",
]
