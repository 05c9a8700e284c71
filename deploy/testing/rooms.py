#!/usr/bin/python3
"""Runs the built Swift tests, a room after the other, and counts them: see --help.

Each room of Tests is a process of its own, so that a line tells how far it is. What its tests said is kept in
FOLDER/ROOM.log, and printed when they did not all pass. A room that tells nothing for SILENCE seconds hangs: what it
is at is printed (its stacks too where gdb is), it is killed, the tests that did not end have failed, and the next room follows.
"""

import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

import tally

SILENCE = 600
# Seconds that looking at one that hangs may take.
PATIENCE = 120
# These take longest and begin first: the others fill the time beside them.
LONG = ["PanelTests", "SpoolTests", "SyncTests", "DataSetTests", "PanelControlTests"]


def bundle() -> str:
    """The program that holds all Swift tests."""
    shown = subprocess.run(["swift", "build", "--show-bin-path"], check=True, stdout=subprocess.PIPE, text=True)
    # The last line: what the package manager fetches first it may tell there too.
    (found,) = pathlib.Path(shown.stdout.split("\n")[-2]).glob("*.xctest")
    return str(found)


def size(path: pathlib.Path) -> int:
    return path.stat().st_size if path.exists() else 0


def ends(process: subprocess.Popen, told: list[pathlib.Path], silence: float) -> bool:
    """Waits for its end; False when these files have not grown for so many seconds."""
    before, since = -1, time.monotonic()
    while True:
        try:
            process.wait(1)
            return True
        except subprocess.TimeoutExpired:
            now = sum(map(size, told))
            if now != before:
                before, since = now, time.monotonic()
            elif time.monotonic() - since > silence:
                return False


def look(process: subprocess.Popen, log: pathlib.Path) -> None:
    """Writes down what a program that hangs, and those that it started, are at."""
    with log.open("a") as text:
        print("It hangs. Its processes and their threads:", file=text, flush=True)
        looks = [
            ["ps", "-L", "-s", str(process.pid), "-o", "pid,ppid,lwp,stat,etimes,wchan:24,args"],
            ["gdb", "-batch", "-p", str(process.pid), "-ex", "thread apply all backtrace 40"],
        ]
        for words in looks:
            # Neither is needed for anything else.
            if not shutil.which(words[0]):
                print(f"{words[0]} is not installed", file=text, flush=True)
                continue
            try:
                # What gdb complains of fills pages.
                quiet = dict(stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                subprocess.run(words, **quiet, stdout=text, check=False, timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                print(f"{words[0]} took longer than {PATIENCE} s", file=text)


def run(room: str, program: str, log: pathlib.Path, events: pathlib.Path, silence: float) -> int:
    """Runs one room; its exit code, below zero for a signal."""
    for old in (log, events):
        old.unlink(missing_ok=True)
    words = [program, "--testing-library", "swift-testing", "--filter", rf"^{room}\."]
    words += ["--event-stream-output-path", str(events)]
    with log.open("a") as text:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=text, stderr=text, start_new_session=True)
        try:
            if not ends(process, [log, events], silence):
                look(process, log)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("counted")
    parser.add_argument("rooms", nargs="*", help="all that are in Tests unless some are named")
    parser.add_argument("-j", type=int, default=1, help="so many rooms at once")
    parser.add_argument("--silence", type=float, default=SILENCE, help="seconds")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    program = bundle()
    printing = threading.Lock()

    def work(room: str) -> int:
        began = time.monotonic()
        log, events = chosen.folder / f"{room}.log", chosen.folder / f"{room}.jsonl"
        code = run(room, program, log, events, chosen.silence)
        with printing:
            if code != 0:
                print(log.read_text(errors="replace"))
            counts = tally.events(str(events), code)
            tally.add(chosen.counted, *counts)
            taken = time.monotonic() - began
            print("{}: {} passed, {} failed, {} skipped in {:.0f} s".format(room, *counts, taken), flush=True)
        return counts[1]

    rooms = chosen.rooms or sorted(path.name for path in pathlib.Path("Tests").glob("*Tests"))
    rooms.sort(key=lambda room: (LONG.index(room) if room in LONG else len(LONG), room))
    with concurrent.futures.ThreadPoolExecutor(chosen.j) as pool:
        return 1 if any(list(pool.map(work, rooms))) else 0


if __name__ == "__main__":
    sys.exit(main())
