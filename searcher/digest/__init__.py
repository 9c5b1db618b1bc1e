"""Which new hits of a saved search are mailed to whom, each exactly once?"""

from searcher.digest.arrivals import MARGIN, shown_hits
from searcher.digest.ledger import FILE, Ledger, LedgerError
from searcher.digest.letters import Letter, LetterParts, headed_message, message_id, write_letter
from searcher.digest.mailed_edits import edit_key, noticed_since, read_edits
from searcher.digest.rounds import DigestRound, Outcome, preview
from searcher.digest.saved_searches import DigestFile, load_digest, search_of
from searcher.digest.smtp import Mailer, MailError

__all__ = [
    "FILE",
    "MARGIN",
    "DigestFile",
    "DigestRound",
    "Ledger",
    "LedgerError",
    "Letter",
    "LetterParts",
    "MailError",
    "Mailer",
    "Outcome",
    "edit_key",
    "headed_message",
    "load_digest",
    "message_id",
    "noticed_since",
    "preview",
    "read_edits",
    "search_of",
    "shown_hits",
    "write_letter",
]
