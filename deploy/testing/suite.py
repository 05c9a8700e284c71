#!/usr/bin/python3
"""Runs a folder of Python tests and counts them: suite.py FOLDER FILE [-k PATTERN]... [-f] [-j JOBS]

Every test that was found counts: one that did not come to run, since what all tests of its class need failed, has failed.
"""

import argparse
import collections
import concurrent.futures
import faulthandler
import pathlib
import subprocess
import sys
import threading
import time
import unittest

from tally import add


# Seconds after which a test, or what its class sets up, hangs.
HANGS = 1500


def watch() -> None:
    """From now on that time runs: at its end the stacks are printed, and the process ends before it has counted."""
    faulthandler.dump_traceback_later(HANGS, exit=True)


class Counted(unittest.TextTestResult):
    """Remembers what became of each test, by its name."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.outcome: dict[str, str] = {}
        self._began = 0.0

    def startTest(self, test):
        self._began = time.monotonic()
        watch()
        super().startTest(test)

    def stopTest(self, test):
        watch()
        self.outcome.setdefault(test.id(), "passed")
        self.stream.writeln(f"    {time.monotonic() - self._began:.1f} s")
        super().stopTest(test)

    def addSkip(self, test, reason):
        self.outcome[test.id()] = "skipped"
        super().addSkip(test, reason)

    def addFailure(self, test, error):
        self.outcome[test.id()] = "failed"
        super().addFailure(test, error)

    def addError(self, test, error):
        self.outcome[test.id()] = "failed"
        super().addError(test, error)

    def addSubTest(self, test, subtest, error):
        if error:
            self.outcome[test.id()] = "failed"
        super().addSubTest(test, subtest, error)

    def addUnexpectedSuccess(self, test):
        self.outcome[test.id()] = "failed"
        super().addUnexpectedSuccess(test)


def tests(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests(each)
        else:
            yield each


def side_by_side(names: list[str], chosen: argparse.Namespace) -> int:
    """Each class by a process like this one; what it said is printed whole when it is done."""

    def run(name: str) -> int:
        words = [sys.executable, __file__, str(chosen.folder), f"{chosen.counted}.{name}"]
        if chosen.f:
            if over.is_set():
                return 1
            words.append("-f")
        for test in classes[name]:
            words += ["-k", test]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with printing:
            sys.stdout.buffer.write(done.stdout)
            sys.stdout.flush()
            counts = pathlib.Path(f"{chosen.counted}.{name}")
            if counts.exists():
                add(chosen.counted, *map(int, counts.read_text().split()))
                counts.unlink()
            else:
                print(f"{name} ended with {done.returncode} before it counted")
                add(chosen.counted, 0, 1, 0)
        if done.returncode != 0:
            over.set()
        return done.returncode

    # Set after the first failure.
    over = threading.Event()
    classes: dict[str, list[str]] = {}
    for test in names:
        classes.setdefault(test.rsplit(".", 1)[0], []).append(test)
    printing = threading.Lock()
    with concurrent.futures.ThreadPoolExecutor(chosen.j) as pool:
        return max(pool.map(run, sorted(classes)), default=1)


def count(names: list[str], outcome: dict[str, str], stops: bool) -> collections.Counter[str]:
    """How many passed, failed and were skipped.

    names: of all tests; outcome: of those that came to run, and of what classes and modules set up and take down;
    stops: after the first failure, so that what did not run then is not counted.
    """
    counts: collections.Counter[str] = collections.Counter()
    # What all tests of a class or a module need bears a name such as setUpClass (some_module.SomeClass).
    shared = {name: what for name, what in outcome.items() if name not in names}
    for name in names:
        of_class = name.rsplit(".", 1)[0]
        of_module = of_class.rsplit(".", 1)[0]
        set_up = {shared.get(f"setUpClass ({of_class})"), shared.get(f"setUpModule ({of_module})")}
        if name in outcome:
            counts[outcome[name]] += 1
        elif "failed" in set_up or "skipped" in set_up:
            counts["failed" if "failed" in set_up else "skipped"] += 1
        elif not stops:
            counts["failed"] += 1
    counts["failed"] += sum(what == "failed" and name.startswith("tearDown") for name, what in shared.items())
    return counts


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("counted")
    parser.add_argument("-k", action="append", help="only tests whose name has this in it")
    parser.add_argument("-j", type=int, default=1, help="so many test classes at once, each in a process of its own")
    parser.add_argument("-f", action="store_true", help="stop at the first failure; what did not come to run then is not counted")
    chosen = parser.parse_args()
    loader = unittest.TestLoader()
    if chosen.k:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in chosen.k]
    found = loader.discover(str(chosen.folder), top_level_dir=str(chosen.folder))
    names = [each.id() for each in tests(found)]
    if chosen.j > 1:
        return side_by_side(names, chosen)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Counted, failfast=chosen.f)
    watch()
    outcome = runner.run(found).outcome
    faulthandler.cancel_dump_traceback_later()
    counts = count(names, outcome, chosen.f)
    add(chosen.counted, counts["passed"], counts["failed"], counts["skipped"])
    return 0 if counts["failed"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
