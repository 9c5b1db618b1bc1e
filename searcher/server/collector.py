"""The garbage collector of a process that serves."""

import gc

# An answer makes some thousand objects, which end with it and leave no garbage. To look at the young ones
# after every 700 is a thirtieth of a search.
THRESHOLD = 20_000
# What caches keep of them is visited once more. After Python's ten looks that takes 70 ms, in the middle of a
# request; after two a quarter of that, as often as needed. Full collections stay as rare as they were.
YOUNG, OLDER = 1, 40


def settle() -> None:
    """Let the collector leave out what is loaded by now, and look at new objects less often.

    A full collection would visit all that is loaded, for 50 ms or more in the middle of a request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(THRESHOLD, YOUNG, OLDER)
