"""Reads a panel's store and its records from their written description alone (Sources/Spool/RECORD.md), with no code of ours."""

import dataclasses
import hashlib
import io
import pathlib
import sqlite3
import struct
import uuid

import numpy
from PIL import Image

MAGIC = b"\x89DPS\r\n\x1a\n"


@dataclasses.dataclass(frozen=True)
class Record:
    """One drawing. strokes: points (x, y, diameter, milliseconds); image: 280 x 280, 255 = ink; probabilities: of 65536."""

    identifier: uuid.UUID
    label: int
    sequence: int
    software: str
    probabilities: tuple[int, ...]
    rejection: int
    is_digit: bool
    strokes: list[list[tuple[float, float, float, int]]]
    image: numpy.ndarray
    contributor: uuid.UUID
    session: uuid.UUID
    language: str
    data_set: bool
    """Whether the visitor agreed to *use my drawings for the data set*."""
    name_shown: bool

    @property
    def reading(self) -> int:
        return max(range(10), key=lambda digit: self.probabilities[digit])


def records(database: pathlib.Path) -> list[Record]:
    """All records of a store in the order of storing, each checked."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as store:
        whole = store.execute("PRAGMA integrity_check").fetchone()[0]
        if whole != "ok":
            raise ValueError(f"{database}: {whole}")
        rows = store.execute("SELECT record FROM samples ORDER BY sequence").fetchall()
    return [parse(row[0]) for row in rows]


def parse(content: bytes) -> Record:
    version, zero, whole, header, strokes, picture = struct.unpack_from("<HHIIII", content, 8)
    if content[:8] != MAGIC or version != 1 or zero != 0:
        raise ValueError("not a record of version 1")
    if not whole == len(content) == 28 + header + strokes + picture + 32:
        raise ValueError("the lengths of the record do not add up")
    if hashlib.sha256(content[:-32]).digest() != content[-32:]:
        raise ValueError("the hash of the record is not that of its bytes")
    fields = _fields(content[28 : 28 + header])
    # Absent where no recogniser ran.
    *told, verdict = struct.unpack("<11IB", fields[10]) if 10 in fields else (0,) * 12
    image = numpy.asarray(Image.open(io.BytesIO(content[28 + header + strokes : -32])))
    if image.shape != (280, 280) or image.dtype != numpy.uint8:
        raise ValueError(f"a picture of {image.shape}, {image.dtype}")
    return Record(
        uuid.UUID(bytes=fields[1]), fields[2][0], struct.unpack("<Q", fields[14])[0], fields[8].decode(),
        tuple(told[:10]), told[10], verdict == 1,
        _strokes(content[28 + header : 28 + header + strokes]), image,
        uuid.UUID(bytes=fields[3]), uuid.UUID(bytes=fields[4]), fields[5].decode(),
        bool(fields[6][0] & 1), bool(fields[6][0] & 2),
    )


def _fields(content: bytes) -> dict[int, bytes]:
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(content):
        tag, length = struct.unpack_from("<HH", content, at)
        if fields and tag <= max(fields):
            raise ValueError("the fields are not in ascending order")
        fields[tag] = content[at + 4 : at + 4 + length]
        at += 4 + length
    return fields


def _strokes(content: bytes) -> list[list[tuple[float, float, float, int]]]:
    (count,) = struct.unpack_from("<I", content)
    at = 4
    words = [0, 0, 0, 0]
    strokes = []
    for _ in range(count):
        (points,) = struct.unpack_from("<I", content, at)
        at += 4
        stroke = []
        for _ in range(points):
            (mask,) = struct.unpack_from("<H", content, at)
            at += 2
            change = [0, 0, 0, 0]
            for bit in range(16):
                if mask >> bit & 1:
                    change[bit // 4] |= content[at] << (bit % 4 * 8)
                    at += 1
            words = [words[0] ^ change[0], words[1] ^ change[1], words[2] ^ change[2], (words[3] + change[3]) % 2**32]
            x, y, diameter = struct.unpack("<3f", struct.pack("<3I", *words[:3]))
            stroke.append((x, y, diameter, words[3]))
        strokes.append(stroke)
    if at != len(content):
        raise ValueError("bytes are left after the strokes")
    return strokes
