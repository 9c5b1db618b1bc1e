"""Arrays in memory that ends where they do: a process that reads beyond them ends by SIGSEGV."""

import ctypes
import mmap

import numpy as np

from index.segment import Array

_PROT_NONE = 0
_LIBC = ctypes.CDLL(None, use_errno=True)


def guarded(array: Array) -> Array:
    """Return a copy of *array* that is followed by a page that cannot be read."""
    size = -(-array.nbytes // mmap.PAGESIZE) * mmap.PAGESIZE
    memory = mmap.mmap(-1, size + mmap.PAGESIZE)
    copy = np.frombuffer(memory, array.dtype, len(array), size - array.nbytes)
    copy[:] = array
    guard = ctypes.addressof(ctypes.c_char.from_buffer(memory)) + size
    if _LIBC.mprotect(ctypes.c_void_p(guard), mmap.PAGESIZE, _PROT_NONE):
        raise OSError(ctypes.get_errno(), "mprotect")
    return copy
