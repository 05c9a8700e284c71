#!/usr/bin/python3
"""Stands in for the program of all Swift tests: takes its words, and behaves as the named room is to."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

words = dict(zip(sys.argv[1::2], sys.argv[2::2]))
room = words["--filter"].removeprefix("^").removesuffix(r"\.")
stream = open(words["--event-stream-output-path"], "w")


def tell(kind: str, /, **payload) -> None:
    print(json.dumps({"version": 0, "kind": kind, "payload": payload}), file=stream, flush=True)


def tests(*names: str) -> None:
    for name in names:
        tell("test", kind="function", id=f"{room}.{name}", name=name)


def end(name: str) -> None:
    tell("event", kind="testEnded", testID=f"{room}.{name}", messages=[])


match room:
    case "GoodTests":
        tests("one", "two", "three")
        end("one")
        end("two")
        tell("event", kind="testSkipped", testID=f"{room}.three", messages=[{"text": "not here"}])
    case "FailingTests":
        tests("one", "two")
        issue = {"isKnown": False, "isFailure": True}
        tell("event", kind="issueRecorded", testID=f"{room}.one", issue=issue, messages=[{"text": "1 is not 2"}])
        end("one")
        end("two")
        sys.exit(1)
    case "SilentTests":
        tests("one", "two", "three")
        end("one")
        # Deaf to what asks it to end, with a program of its own beside it.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        beside = subprocess.Popen(["sleep", "300"])
        pathlib.Path("processes").write_text(f"{os.getpid()} {beside.pid}")
        time.sleep(300)
    case "SlowTests":
        tests("one")
        for number in range(16):
            print(f"at {number}", flush=True)
            time.sleep(0.25)
        end("one")
    case "CrashingTests":
        tests("one", "two")
        end("one")
        os.kill(os.getpid(), signal.SIGSEGV)
    case _:
        # What Swift Testing says and exits with (EX_UNAVAILABLE) where no test has such a name.
        print("No matching test cases were run", file=sys.stderr)
        sys.exit(69)
