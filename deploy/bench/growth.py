"""What a drawing costs to store, export, sync and upload, beside the least that it could, in stores of more and more drawings."""

import json
import pathlib
import shutil
import statistics
import subprocess

import data_set
import uploads
from collecting import Collecting
from row import Row
from stores import Stores

# A cost that grows by less than this from the smallest of the larger stores to the largest counts as flat: two runs of one
# size differ as much.
FLAT = 1.25
# Where what a program costs to start is no longer seen.
LARGE = 10_000


class Growth:
    def __init__(self, built: pathlib.Path, place: pathlib.Path, sizes: list[int]):
        self._built = built
        self._place = place
        self._sizes = sizes
        self._stores = Stores(built / "panelctl", place)

    def end(self) -> None:
        self._stores.end()

    def _turns(self, samples: int) -> int:
        return 5 if samples <= 10_000 else 3 if samples <= 100_000 else 1

    def _flat(self, what: str, costs: dict[int, float], unit: str = "us", scale: float = 1e6) -> list[Row]:
        """What one costs in the largest store, against one of ten thousand."""
        large = {size: cost for size, cost in costs.items() if size >= LARGE}
        if len(large) < 2:
            return []
        least, most = min(large), max(large)
        note = ", ".join(f"{size}: {cost * scale:.3g} {unit}" for size, cost in sorted(costs.items()))
        return [Row(f"{what}, {most} against {least}", large[most] / large[least], "times", FLAT, note)]

    def store(self) -> list[Row]:
        """A durable sample beside one bare fdatasync of the same bytes, and what the size of the store adds to anything."""
        rows, appended, opened = [], {}, {}
        for held in self._sizes:
            name = f"durable samples against bare fdatasyncs, {held} held"
            words = [self._built / "panelctl", "bench", "spool", "--json", "--spool", self._place / "bench", "--samples", held]
            done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
            if done.returncode != 0:
                rows.append(Row(name, None, "times", 0.6, done.stderr.strip(), least=True))
                continue
            told = json.loads(done.stdout)
            sample, bare = told["sample_us"]["p50"], told["fdatasync_us"]["p50"]
            note = f"as many a second; p50 {sample} us against {bare} us"
            rows.append(Row(name, bare / sample, "times", 0.6, note, least=True))
            rows.append(Row(f"board, standing and counts, {held} held, p99", told["board_us"]["p99"] / 1000, "ms", 1))
            rows.append(Row(f"opening the store, {held} held, p50", told["open_us"]["p50"] / 1000, "ms", 10))
            appended[held], opened[held] = told["ratio"], told["open_us"]["p50"]
        rows += self._flat("a durable sample, in fdatasyncs", appended, "times", 1)
        rows += self._flat("opening the store", opened, "us", 1)
        return rows

    def export(self) -> list[Row]:
        """The data set beside the web collector's, and how the cost of a row grows with their number."""
        rows = []
        costs: dict[str, dict[int, float]] = {}
        theirs_each: dict[str, float] = {}
        for samples in self._sizes:
            both = data_set.Comparison(self._built / "panelctl", self._place, self._stores.of(samples), samples)
            for form in ("npz", "json", "idx", "csv", "ndjson", "imagefolder"):
                # A million small files measure the file system.
                if form == "imagefolder" and samples > 100_000:
                    continue
                name = f"export of {both.rows} drawings as {form}"
                # The first one may find the store on the disk, not in memory.
                turns = [both.ours(form) for _ in range(3)]
                ours = statistics.median(run.seconds for run in turns)
                peak = max(run.peak for run in turns)
                costs.setdefault(form, {})[samples] = ours / both.rows
                speed = f"{both.rows / ours:.0f} drawings/s"
                if form in ("npz", "json"):
                    rows.append(self._beside(both, form, name, ours, theirs_each))
                rows.append(Row(f"{name}, memory", peak, "MB", 200, speed))
            both.end()
        for form, cost in costs.items():
            rows += self._flat(f"a drawing's export as {form}", cost)
        return rows

    def _beside(self, both: data_set.Comparison, form: str, name: str, ours: float, each: dict[str, float]) -> Row:
        name = f"{name} against Django's"
        if both.samples <= 100_000:
            theirs = both.theirs(form)
            if isinstance(theirs, str):
                return Row(name, None, "times", 20, theirs, least=True)
            each[form] = theirs.seconds / both.rows
            note = f"{both.rows / ours:.0f}/s against {both.rows / theirs.seconds:.0f}/s and {theirs.peak:.0f} MB"
        elif form in each:
            note = f"{both.rows / ours:.0f}/s; theirs as measured with fewer, a million takes them a quarter of an hour"
        else:
            return Row(name, None, "times", 20, "theirs was not measured with fewer", least=True)
        return Row(name, each[form] * both.rows / ours, "times", 20, note, least=True)

    def collecting(self) -> list[Row]:
        """A panel drained over a real sshd, beside tar over ssh of the same records."""
        place = self._place / "collecting"
        place.mkdir()
        bench = Collecting(self._built, place)
        rows, costs = [], {}
        try:
            for samples in self._sizes:
                speeds = bench.measure(self._stores.of(samples), samples, self._turns(samples))
                costs[samples] = speeds.megabytes / statistics.median(speeds.sync) / samples
                name = f"sync of {samples} drawings against tar | ssh"
                rows.append(Row(name, speeds.ratio, "times", 0.8, speeds.words, least=True))
        finally:
            bench.end()
            shutil.rmtree(place)
        return rows + self._flat("a drawing's sync", costs)

    def upload(self) -> list[Row]:
        rows, costs = [], {}
        for samples in self._sizes:
            made = uploads.measure(self._built, self._stores.of(samples), samples, self._turns(samples))
            # In rows of plain COPY: the server's own indexes grow too.
            costs[samples] = 1 / made.ratio
            note = f"{made.rows / made.ours:.0f} drawings/s, plain COPY into the same table {made.rows / made.plain:.0f}/s"
            rows.append(Row(f"{samples} drawings to PostgreSQL against COPY", made.ratio, "times", 0.5, note, least=True))
        return rows + self._flat("a drawing's upload, in rows of COPY", costs, "times", 1)
