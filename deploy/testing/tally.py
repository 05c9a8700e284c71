#!/usr/bin/python3
"""Counts tests.

  tally.py add FILE PASSED FAILED SKIPPED    adds to the counts in FILE
  tally.py events EVENTS CODE FILE           counts the tests in Swift Testing's event stream; CODE is what their program exited with
  tally.py sum FILE...                       prints "N passed, N failed, N skipped"
  tally.py clean FILE...                     exits 0 when nothing failed and something passed
"""

import json
import pathlib
import sys


def read(paths: list[str]) -> tuple[int, int, int]:
    rows = [tuple(int(word) for word in pathlib.Path(path).read_text().split()) for path in paths]
    passed, failed, skipped = (sum(column) for column in zip(*rows))
    return passed, failed, skipped


def add(path: str, passed: int, failed: int, skipped: int) -> None:
    before = read([path]) if pathlib.Path(path).exists() else (0, 0, 0)
    counts = [old + new for old, new in zip(before, (passed, failed, skipped))]
    pathlib.Path(path).write_text(" ".join(str(count) for count in counts) + "\n")


def events(path: str, code: int) -> tuple[int, int, int]:
    """A test function is one test, whatever its arguments. One that never ended (a crash) or never began has failed."""
    names: dict[str, str] = {}
    skipped: dict[str, str] = {}
    failed: dict[str, str] = {}
    ended: set[str] = set()
    stray = 0
    stream = pathlib.Path(path)
    # Not splitlines(): a test's text may hold a line separator of Unicode, which ends no line of the stream.
    for line in stream.read_text().split("\n") if stream.exists() else []:
        if not line:
            continue
        record = json.loads(line)
        told = record["payload"]
        if record["kind"] == "test" and told["kind"] == "function":
            names[told["id"]] = told.get("displayName", told["name"])
        if record["kind"] != "event":
            continue
        test = told.get("testID")
        said = "; ".join(message["text"] for message in told.get("messages", []))
        if told["kind"] in ("testSkipped", "testCancelled"):
            skipped[test] = said
        elif told["kind"] == "testEnded":
            ended.add(test)
            if test in skipped and not skipped[test]:
                skipped[test] = said
        elif told["kind"] == "issueRecorded" and told["issue"].get("isFailure", not told["issue"]["isKnown"]):
            if test in names:
                failed.setdefault(test, said)
            else:
                stray += 1
                print(f"FAILED outside a test: {said}")
    for test in names:
        if test not in skipped and test not in failed and test not in ended:
            failed[test] = "never ended"
    for test, why in failed.items():
        print(f"FAILED: {names[test]}: {why}")
    skipped = {test: why for test, why in skipped.items() if test in names and test not in failed}
    for test, why in skipped.items():
        print(f"skipped: {names[test]}: {why}")
    bad = len(failed) + stray
    if code != 0 and bad == 0:
        print(f"FAILED: the tests exited with {code} and named no failure")
        bad = 1
    return len(names) - len(failed) - len(skipped), bad, len(skipped)


def main() -> int:
    match sys.argv[1:]:
        case ["add", path, *counts] if len(counts) == 3:
            add(path, *(int(count) for count in counts))
        case ["events", path, code, counted]:
            add(counted, *events(path, int(code)))
        case ["sum", *paths] if paths:
            print("{} passed, {} failed, {} skipped".format(*read(paths)))
        case ["clean", *paths] if paths:
            passed, failed, _ = read(paths)
            return 0 if failed == 0 and passed > 0 else 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
