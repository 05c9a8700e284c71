"""What a power cut leaves of a disk, for every instant of a session, without booting again.

The disk of `nbd.Disk` logs every operation that the guest's kernel asked of it. Replayed up to any of them, what was flushed is
there, and of the rest nothing, a part, or everything. The file system is then brought up as a mount would do it (e2fsck
replays its journal), and its files are taken out with debugfs: some 50 ms in place of a boot.
"""

import pathlib
import random
import subprocess
from collections.abc import Iterator

from . import disk
from .debian import Trouble
from .nbd import SECTOR

PHYSICAL = 4096 // SECTOR


class Replay:
    """The disk after each operation of a log, beginning with an image."""

    def __init__(self, base: pathlib.Path, log: list[tuple[str, int, bytes]]):
        self._log = log
        self._size = base.stat().st_size
        self._durable: dict[int, bytes] = {}
        """The sectors that are not zero, as they are on the medium."""
        self._volatile: dict[int, bytes] = {}
        with open(base, "rb") as image:
            while content := image.read(1 << 20):
                if any(content):
                    self._keep(self._durable, image.tell() - len(content), content)

    def states(self) -> Iterator[int]:
        """Steps through the log: yields after each operation how many there were; `write` then writes that state's images."""
        yield 0
        for count, (kind, offset, content) in enumerate(self._log, 1):
            if kind == "write":
                self._keep(self._volatile, offset, content)
            elif kind == "fua":
                self._keep(self._durable, offset, content)
                for at in range(offset // SECTOR, (offset + len(content)) // SECTOR):
                    self._volatile.pop(at, None)
            else:
                self._durable.update(self._volatile)
                self._volatile.clear()
            yield count

    @property
    def unflushed(self) -> int:
        """Sectors that a cut now may lose."""
        return len(self._volatile)

    def write(self, path: pathlib.Path, share: float, chance: random.Random) -> None:
        """Writes an image of the present state, in which this share of what was not flushed has survived."""
        # By the physical sectors of a disk of today, 4 KiB: ext4 relies on its superblock of 1 KiB never being half written.
        lucky = {unit for unit in sorted({at // PHYSICAL for at in self._volatile}) if chance.random() < share}
        survived = {at: content for at, content in self._volatile.items() if at // PHYSICAL in lucky}
        with open(path, "wb") as image:
            image.truncate(self._size)
            for run, content in _runs(self._durable | survived):
                image.seek(run * SECTOR)
                image.write(content)

    @staticmethod
    def _keep(sectors: dict[int, bytes], offset: int, content: bytes) -> None:
        for at in range(0, len(content), SECTOR):
            sectors[(offset + at) // SECTOR] = content[at : at + SECTOR]


def files(image: pathlib.Path, place: pathlib.Path) -> str:
    """Brings the file system of an image up, and takes its files out into `place`. Returns what is wrong, empty when nothing."""
    wrong = disk.check(image)
    if wrong:
        return wrong
    place.mkdir()
    told = subprocess.run(
        [disk.tool("debugfs"), "-R", f"rdump / {place}", image], capture_output=True, text=True
    )
    if told.returncode != 0:
        raise Trouble(f"cannot take the files out of {image}: {told.stderr.strip()}")
    return ""


def _runs(sectors: dict[int, bytes]) -> Iterator[tuple[int, bytes]]:
    """Neighbouring sectors together."""
    first, parts = -1, []
    for at in sorted(sectors):
        if parts and at == first + len(parts):
            parts.append(sectors[at])
            continue
        if parts:
            yield first, b"".join(parts)
        first, parts = at, [sectors[at]]
    if parts:
        yield first, b"".join(parts)
