"""The panel's export beside the web collector's, on the same drawings: rows a second, and memory."""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "testing"))

from environment import NotThere, python  # noqa: E402


@dataclasses.dataclass
class Run:
    seconds: float
    # MB of memory at most.
    peak: float


def run(*words) -> Run:
    """A process from its start to its end."""
    began = time.monotonic()
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))} ended with {process.returncode}")
    return Run(time.monotonic() - began, used.ru_maxrss * 1.024 / 1000)


class Comparison:
    """One store of so many drawings, and the web collector's table of the same."""

    def __init__(self, panelctl: pathlib.Path, place: pathlib.Path, spool: pathlib.Path, samples: int):
        self.panelctl = panelctl
        self.place = place / f"export-{samples}"
        self.spool = spool
        self.samples = samples
        self.place.mkdir(parents=True)
        # What may be exported: nine visitors of ten agreed to it.
        self.rows = samples - sum(1 for i in range(samples) if i // 12 % 10 == 9)

    def ours(self, form: str) -> Run:
        out = self.place / f"ours.{form}"
        done = run(self.panelctl, "export", "--format", form, "--output", out, "--spool", self.spool)
        self.clear(out)
        return done

    def theirs(self, form: str) -> Run | str:
        """The web collector's, or why it could not be measured."""
        try:
            interpreter = python(HERE / "web_collector.txt")
        except NotThere as reason:
            return str(reason)
        table, out = self.place / "table.sqlite3", self.place / f"theirs.{form}"
        if not table.exists():
            run(interpreter, HERE / "web_collector.py", "fill", table, self.spool / "panel.db")
        done = run(interpreter, HERE / "web_collector.py", form, table, out)
        self.clear(out)
        return done

    def end(self) -> None:
        shutil.rmtree(self.place)

    def clear(self, out: pathlib.Path) -> None:
        subprocess.run(["rm", "-rf", out], check=True)
