"""What an upload to PostgreSQL costs beside plain COPY of the same rows, both by programs, into tables with the same indexes."""

import dataclasses
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Collecting"))


@dataclasses.dataclass
class Upload:
    """Rows, and the seconds of each."""

    rows: int
    ours: float
    plain: float

    @property
    def ratio(self) -> float:
        """Our rows a second, as a part of plain COPY's."""
        return self.plain / self.ours


def measure(built: pathlib.Path, spool: pathlib.Path, count: int, rounds: int) -> Upload:
    """The medians of `rounds` uploads of a store of `count` drawings, in turns with plain COPY, on one server."""
    import postgres

    cluster = postgres.Cluster(settings={"max_wal_size": "4GB"})
    try:
        address = cluster.create("bench")
        upload = [built / "panelctl", "sync", "--to", address, "--spool", spool]
        psql = [postgres.binaries() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", address, "-c"]

        def run(words) -> float:
            # What an earlier run left for the disk to do is not this one's.
            cluster.ask("bench", "CHECKPOINT")
            began = time.monotonic()
            subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
            return time.monotonic() - began

        run(upload)
        file = cluster.place / "rows"
        cluster.ask("bench", f"COPY digit_panel.samples TO '{file}' (FORMAT binary)")
        cluster.ask("bench", "CREATE TABLE plain (LIKE digit_panel.samples INCLUDING ALL)")
        ours, plain = [], []
        for _ in range(rounds):
            cluster.ask("bench", "TRUNCATE digit_panel.samples, digit_panel.batches, digit_panel.contributors, plain")
            # The receipts are gone: the store offers everything again.
            ours.append(run(upload))
            plain.append(run([*psql, f"\\copy plain FROM '{file}' (FORMAT binary)"]))
            found = cluster.ask("bench", "SELECT (SELECT count(*) FROM digit_panel.samples), (SELECT count(*) FROM plain)")
            if found != [(count, count)]:
                raise RuntimeError(f"rows are missing: {found}")
        return Upload(count, statistics.median(ours), statistics.median(plain))
    finally:
        cluster.remove()


if __name__ == "__main__":
    import tempfile

    from stores import Stores

    programs = pathlib.Path(sys.argv[1]).resolve()
    for number in map(int, sys.argv[2:]):
        with tempfile.TemporaryDirectory() as scratch:
            lent = Stores(programs / "panelctl", pathlib.Path(scratch)).of(number)
            made = measure(programs, lent, number, 5 if number <= 10_000 else 3)
        print(
            f"{made.rows:>8}: ours {made.rows / made.ours:8.0f} rows/s, plain {made.rows / made.plain:8.0f} rows/s,"
            f" ratio {made.ratio:.2f}", flush=True,
        )
