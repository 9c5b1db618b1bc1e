"""Small bodies that unpack to very much, made without packing it."""

import struct
import zlib

MEGABYTE = bytes(1_000_000)


def gzip_of_zeros(megabytes: int) -> bytes:
    """Return so many *megabytes* of zeros in one gzip stream."""
    packer = zlib.compressobj(9, wbits=-15)
    # After a full flush a block refers to nothing before it, so it can be repeated.
    block = packer.compress(MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(megabytes):
        check = zlib.crc32(MEGABYTE, check)
    head = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
    end = struct.pack("<LL", check, megabytes * len(MEGABYTE))
    return head + block * megabytes + zlib.compressobj(wbits=-15).flush() + end
