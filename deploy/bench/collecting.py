"""Drains a panel over a real sshd on loopback, beside `tar | ssh` of the same records, a file each, written to disk at the end.

What is sent is the same bytes; both begin with nothing and end when all is on the collector's disk. The sync also reads every
record, checks its SHA-256, keeps board and counts, and notes a receipt for each at the panel; tar does none of that.
"""

import dataclasses
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

from stores import Stores

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Speeds:
    """Megabytes of records a second."""

    count: int
    megabytes: float
    sync: list[float]
    tar: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.sync) / statistics.median(self.tar)

    @property
    def words(self) -> str:
        def told(values):
            return f"{statistics.median(values):.1f} MB/s ({min(values):.1f} to {max(values):.1f})"

        return f"{self.megabytes:.1f} MB of records: sync {told(self.sync)}, tar | ssh {told(self.tar)}"


class Collecting:
    def __init__(self, built: pathlib.Path, place: pathlib.Path):
        os.environ["PANEL_BUILT"] = str(built)
        sys.path.insert(0, str(REPOSITORY / "Tests" / "Collecting"))
        from sshd import PROGRAM, Sshd

        self._program = PROGRAM
        self._place = place
        keys = place / "ssh"
        keys.mkdir(parents=True)
        self._sshd = Sshd(keys)
        self._targets: list[pathlib.Path] = []

    def measure(self, spool: pathlib.Path, count: int, turns: int) -> Speeds:
        """Drains the store of so many drawings again and again; it is left as it was."""
        files = self._place / f"files-{count}"
        total = self._unpack(spool, files)
        self._sshd.panel(f"sync-{count}", spool)
        self._sshd.command(f"tar-{count}", f"tar -cf - -C '{files}' .")
        speeds = Speeds(count, total / 1e6, [], [])
        try:
            for _ in range(turns):
                speeds.tar.append(total / 1e6 / self._tar(f"tar-{count}"))
                speeds.sync.append(total / 1e6 / self._sync(f"sync-{count}", count))
                with sqlite3.connect(spool / "panel.db") as store:
                    store.execute("DELETE FROM acknowledgements")
        finally:
            # Not between the turns: a disk that is told of freed blocks is busy with that while the next one is timed.
            shutil.rmtree(files)
            for target in self._targets:
                shutil.rmtree(target)
            self._targets.clear()
        return speeds

    def _unpack(self, spool: pathlib.Path, files: pathlib.Path) -> int:
        total = 0
        store = sqlite3.connect(f"file:{spool / 'panel.db'}?mode=ro", uri=True)
        for row, content in store.execute("SELECT id, record FROM samples ORDER BY id"):
            path = files / f"{row // 1000}" / f"{row}.digitsample"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            total += len(content)
        store.close()
        return total

    def _tar(self, host: str) -> float:
        target = self._fresh()
        begun = time.monotonic()
        sent = subprocess.Popen([*self._sshd.ssh.split(), "-T", host, "tar"], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-xf", "-", "-C", target], stdin=sent.stdout, check=True)
        sent.stdout.close()
        subprocess.run(["sync", "-f", target], check=True)
        took = time.monotonic() - begun
        if sent.wait() != 0:
            raise RuntimeError(f"tar over ssh ended with {sent.returncode}")
        return took

    def _sync(self, host: str, count: int) -> float:
        target = self._fresh()
        begun = time.monotonic()
        words = [self._program, "sync", host, "--json", "--spool", target, "--ssh", self._sshd.ssh]
        done = subprocess.run(words, capture_output=True, text=True)
        took = time.monotonic() - begun
        if done.returncode != 0 or f'"stored":{count},' not in done.stdout:
            raise RuntimeError(f"the sync failed: {done.stdout}{done.stderr}")
        return took

    def _fresh(self) -> pathlib.Path:
        place = self._place / f"target-{len(self._targets)}"
        place.mkdir()
        self._targets.append(place)
        # What was written before is not to be written on somebody's time.
        os.sync()
        return place

    def end(self) -> None:
        self._sshd.end()


def main() -> None:
    """collecting.py BUILT PLACE COUNT [TURNS]: measures one size."""
    built, place = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    count, turns = int(sys.argv[3]), int((sys.argv[4:] or ["3"])[0])
    bench = Collecting(built, place)
    try:
        speeds = bench.measure(Stores(built / "panelctl", place).of(count), count, turns)
        print(f"{count} drawings, {speeds.words}: {speeds.ratio:.2f}")
    finally:
        bench.end()


if __name__ == "__main__":
    main()
