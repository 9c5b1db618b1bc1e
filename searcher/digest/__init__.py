"""Which new hits of a saved search are mailed to whom, each exactly once?"""

from searcher.digest.ledger import FILE, Ledger, LedgerError
from searcher.digest.rounds import DigestRound, Outcome, preview
from searcher.digest.saved_searches import DigestFile, load_digest
from searcher.digest.smtp import Mailer, MailError

__all__ = [
    "FILE",
    "DigestFile",
    "DigestRound",
    "Ledger",
    "LedgerError",
    "MailError",
    "Mailer",
    "Outcome",
    "load_digest",
    "preview",
]
