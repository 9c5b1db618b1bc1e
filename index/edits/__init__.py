"""What did an edit do to a text? Its changed sentences, each with a weight and the reasons for it."""

from index.edits.comparison import compare
from index.edits.edit_record import KIND_OF, Change, EditKind, EditRecord, Reason, Subject, VersionText

__all__ = ["KIND_OF", "Change", "EditKind", "EditRecord", "Reason", "Subject", "VersionText", "compare"]
