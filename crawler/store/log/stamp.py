"""Stamps of checkpoints by an authority (RFC 3161): the log was so long by then. Needs the extra `stamp`."""

import hashlib
from collections.abc import Callable

from rfc3161_client import HashAlgorithm, PKIStatus, TimeStampRequest, TimestampRequestBuilder
from rfc3161_client import decode_timestamp_response as decode

from crawler.store.log.log_folder import LogFolder
from crawler.store.log.records import LogError, parse_checkpoint, read_from

_GRANTED = {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}


def stamp(folder: LogFolder, ask: Callable[[bytes], bytes]) -> bool:
    """Have the last checkpoint in *folder* stamped, unless it is; return whether it was.

    *ask* returns the answer of the authority to a query.

    Raises:
        LogError: there is no checkpoint, or the answer is no stamp of it.
        OSError: a file cannot be read or written.
    """
    note = folder.checkpoint()
    with read_from(folder.checkpoint_path):
        size = parse_checkpoint(note).size
    if not size or folder.stamp(size) is not None:
        return False
    query = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = ask(query.as_bytes())
    _require_stamp(answer, note, query)
    folder.keep_stamp(size, answer)
    return True


def _require_stamp(answer: bytes, note: str, query: TimeStampRequest) -> None:
    """Check that *answer* stamps *note*; who signed it is for readers to check, who trust whom they know."""
    try:
        response = decode(answer)
        is_granted = PKIStatus(response.status) in _GRANTED
        about = response.tst_info if is_granted else None
    except ValueError as error:
        raise LogError("the authority answered with no time stamp") from error
    if about is None:
        raise LogError(f"the authority refused to stamp: {'; '.join(response.status_string) or 'no reason'}")
    digest = hashlib.sha256(note.encode()).digest()
    if about.message_imprint.message != digest or about.nonce != query.nonce:
        raise LogError("the authority stamped something else")
