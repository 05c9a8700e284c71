"""Makes stores full of drawings, by the written description of the record alone (Sources/Spool/RECORD.md), with no code of ours.

The empty store is the panel's own work; the rows are put in here, many thousands a second, and are as valid as any.
"""

import argparse
import dataclasses
import hashlib
import math
import os
import pathlib
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import uuid
import zlib

import numpy

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BUILT = pathlib.Path(os.environ.get("PANEL_BUILT", REPOSITORY / ".build" / "release"))
MAGIC = b"\x89DPS\r\n\x1a\n"
SIDE = 280
# 2026-03-01T10:00:00Z in milliseconds.
BEGIN = 1_772_359_200_000


def empty_store(spool: pathlib.Path) -> None:
    """A store as the panel makes it."""
    with tempfile.TemporaryDirectory(prefix="panel-samples-") as place:
        nobody = pathlib.Path(place) / "nobody.evemu"
        first = next((REPOSITORY / "Assets" / "recordings").glob("*.evemu"))
        lines = first.read_text().splitlines(keepends=True)
        nobody.write_text("".join(line for line in lines if not line.startswith("E:")))
        words = [BUILT / "panel", "--display", "headless:480x320", "--touch", f"replay:{nobody}", "--spool", spool]
        words += ["--assets", REPOSITORY / "Assets"]
        panel = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 20
        while not (spool / "control").exists():
            if panel.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"panel made no store: {panel.communicate()[1].decode()}")
            time.sleep(0.02)
        panel.send_signal(signal.SIGTERM)
        panel.communicate(timeout=10)


def picture(generator: random.Random) -> tuple[bytes, bytes]:
    """A wavy line: its PNG of 280 x 280 and its strokes, as they stand in a record."""
    pixels = numpy.zeros((SIDE, SIDE), numpy.uint8)
    count = 120
    x, y = generator.uniform(80, 200), generator.uniform(50, 90)
    heading, bend = generator.uniform(0.6, 2.4), generator.uniform(-0.07, 0.07)
    words = [0, 0, 0, 0]
    strokes = bytearray(struct.pack("<II", 1, count))
    for index in range(count):
        bend += generator.uniform(-0.02, 0.02)
        heading += bend
        x = min(max(x + 3 * math.cos(heading), 20), 260)
        y = min(max(y + 3 * math.sin(heading), 20), 260)
        # A round brush of 20 pixels with soft edges.
        top, left = int(y) - 11, int(x) - 11
        rows, columns = numpy.mgrid[top : top + 24, left : left + 24]
        ink = numpy.clip((10.5 - numpy.hypot(rows - y, columns - x)) * 255, 0, 255).astype(numpy.uint8)
        part = pixels[top : top + 24, left : left + 24]
        numpy.maximum(part, ink[: part.shape[0], : part.shape[1]], out=part)
        now = [*struct.unpack("<3I", struct.pack("<3f", x, y, generator.choice((21.5, 22.0, 22.5)))), index * 11]
        change = [now[0] ^ words[0], now[1] ^ words[1], now[2] ^ words[2], (now[3] - words[3]) % 2**32]
        words = now
        mask, content = 0, bytearray()
        for bit in range(16):
            byte = change[bit // 4] >> (bit % 4 * 8) & 0xFF
            if byte:
                mask |= 1 << bit
                content.append(byte)
        strokes += struct.pack("<H", mask) + content

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"".join(b"\x00" + row.tobytes() for row in pixels), 6)
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return png, bytes(strokes)


@dataclasses.dataclass(frozen=True)
class Drawing:
    identifier: uuid.UUID
    label: int
    contributor: uuid.UUID
    session: uuid.UUID
    name: str | None
    data_set: bool
    wall: int
    sequence: int
    png: bytes
    record: bytes

    @property
    def hash(self) -> bytes:
        return self.record[-32:]


def record(
    identifier: uuid.UUID, label: int, contributor: uuid.UUID, session: uuid.UUID, panel: bytes, sequence: int,
    wall: int, png: bytes, strokes: bytes, choices: int = 3, language: bytes = b"en", flags: int = 0,
) -> bytes:
    fields = {
        1: identifier.bytes, 2: bytes([label]), 3: contributor.bytes, 4: session.bytes, 5: language,
        6: bytes([choices]) + b"notice-1", 7: panel, 8: b"test", 9: b"none",
        10: struct.pack("<11IB", *((65536 if digit == label else 0) for digit in range(10)), 100, 1),
        11: struct.pack("<I", flags), 12: struct.pack("<qB", wall, 2), 13: bytes(range(16)) + struct.pack("<Q", sequence),
        14: struct.pack("<Q", sequence),
    }
    header = b"".join(struct.pack("<HH", tag, len(value)) + value for tag, value in fields.items())
    whole = 28 + len(header) + len(strokes) + len(png) + 32
    content = MAGIC + struct.pack("<HHIIII", 1, 0, whole, len(header), len(strokes), len(png)) + header + strokes + png
    return content + hashlib.sha256(content).digest()


def drawings(count: int, panel: bytes, seed: int, first: int = 1):
    """Visits of ten drawings each; every tenth visitor did not agree to the data set, every fourth has no name."""
    generator = random.Random(seed)
    pool = [picture(generator) for _ in range(min(count, 200))]

    def identifier() -> uuid.UUID:
        return uuid.UUID(int=generator.getrandbits(128), version=4)

    for index in range(count):
        visit = index // 10
        if index % 10 == 0:
            contributor, session = identifier(), identifier()
            name = None if visit % 4 == 3 else f"Zoë {visit} 🙂"
            data_set = visit % 10 != 9
        png, strokes = pool[index % len(pool)]
        one = identifier()
        wall = BEGIN + index * 7000 + 123
        choices = (1 if data_set else 0) | (2 if name else 0)
        content = record(
            one, index % 10, contributor, session, panel, first + index, wall, png, strokes, choices=choices
        )
        yield Drawing(one, index % 10, contributor, session, name, data_set, wall, first + index, png, content)


def identity(spool: pathlib.Path) -> bytes:
    with sqlite3.connect(f"file:{spool / 'panel.db'}?mode=ro", uri=True) as store:
        return store.execute("SELECT value FROM settings WHERE key = 'panel'").fetchone()[0]


def add(spool: pathlib.Path, made) -> list[Drawing]:
    """Puts drawings into a store, as the panel's append does, in one transaction."""
    kept = []
    store = sqlite3.connect(spool / "panel.db", isolation_level=None)
    try:
        store.execute("PRAGMA foreign_keys = ON")
        store.execute("BEGIN IMMEDIATE")
        for each in made:
            store.execute("INSERT INTO panels (uuid) VALUES (?) ON CONFLICT DO NOTHING", (panel_of(each.record),))
            store.execute(
                "INSERT INTO contributors (pseudonym, name, name_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (each.contributor.bytes, each.name, each.name and each.name.lower()),
            )
            store.execute(
                "INSERT INTO receipts (session, code) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (each.session.bytes, receipt_code(each.session)),
            )
            store.execute(
                "INSERT INTO samples (uuid, panel, sequence, contributor, receipt, label, digit, confidence, rejection,"
                " flags, scored, data_set, wall, clock, hash, record) VALUES (?,"
                " (SELECT id FROM panels WHERE uuid = ?), ?, (SELECT id FROM contributors WHERE pseudonym = ?),"
                " (SELECT id FROM receipts WHERE session = ?), ?, ?, 65536, 100, 0, 1, ?, ?, 2, ?, ?)",
                (
                    each.identifier.bytes, panel_of(each.record), each.sequence, each.contributor.bytes,
                    each.session.bytes, each.label, each.label, each.data_set, each.wall, each.hash, each.record,
                ),
            )
            kept.append(each)
        store.execute("UPDATE counters SET value = max(value, ?) WHERE name = 'sequence'", (kept[-1].sequence,))
        store.execute("COMMIT")
    finally:
        store.close()
    return kept


def panel_of(content: bytes) -> bytes:
    header = content[28 : 28 + struct.unpack_from("<I", content, 16)[0]]
    at = 0
    while at < len(header):
        tag, length = struct.unpack_from("<HH", header, at)
        if tag == 7:
            return header[at + 4 : at + 4 + length]
        at += 4 + length
    raise ValueError("the record names no panel")


def receipt_code(session: uuid.UUID) -> str:
    """Seven characters of the hash of the visit and a check (Sources/Spool/ReceiptCode.swift)."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    bits = int.from_bytes(hashlib.sha256(session.bytes).digest()[:5], "big")
    values = [bits >> (5 * place) & 31 for place in range(7)]
    check = 0
    for value in values:
        check = (check ^ value) << 1
        if check & 32:
            check ^= 0b100101
    return "".join(alphabet[value] for value in [*values, check])


def store_of(spool: pathlib.Path, count: int, seed: int = 1) -> list[Drawing]:
    """A store with so many drawings of its own panel."""
    spool.mkdir(parents=True, exist_ok=True)
    empty_store(spool)
    return add(spool, drawings(count, identity(spool), seed)) if count else []


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a store with so many drawings.")
    parser.add_argument("spool", type=pathlib.Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"{len(store_of(chosen.spool, chosen.count, chosen.seed))} drawings in {chosen.spool}", file=sys.stderr)


if __name__ == "__main__":
    main()
