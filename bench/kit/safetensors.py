"""Reads safetensors files: one SHA-256 per tensor, over its type, shape and bytes."""

import hashlib
import json
import struct


class Malformed(Exception):
    """The file is no safetensors file."""


def tensor_hashes(path):
    """The tensors of a file: name to SHA-256."""
    with open(path, "rb") as file:
        content = file.read()
    if len(content) < 8:
        raise Malformed("%s is shorter than its length field" % path)
    (length,) = struct.unpack("<Q", content[:8])
    if length > len(content) - 8:
        raise Malformed("%s ends inside its header" % path)
    header = json.loads(content[8 : 8 + length])
    data = content[8 + length :]
    hashes = {}
    end = 0
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, stop = entry["data_offsets"]
        if not 0 <= start <= stop <= len(data):
            raise Malformed("%s places %s outside of the file" % (path, name))
        digest = hashlib.sha256()
        digest.update(json.dumps([entry["dtype"], entry["shape"]]).encode())
        digest.update(data[start:stop])
        hashes[name] = digest.hexdigest()
        end = max(end, stop)
    if not hashes or end != len(data):
        raise Malformed("%s holds no tensors, or more bytes than they have" % path)
    return hashes
