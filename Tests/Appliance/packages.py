"""The Debian packages of this checkout, made once for all tests of a run by deploy/package."""

import fcntl
import functools
import os
import pathlib
import re
import subprocess
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BUILT = pathlib.Path(os.environ.get("PANEL_BUILT", REPOSITORY / ".build" / "release"))


def make(output: pathlib.Path) -> list[pathlib.Path]:
    """Runs deploy/package on the programs that are built; the booth's package is the first."""
    words = [REPOSITORY / "deploy" / "package", "--built", BUILT, "--output", output]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"deploy/package ended with {done.returncode}: {done.stderr}")
    return [pathlib.Path(line) for line in done.stdout.splitlines()]


@functools.cache
def made() -> list[pathlib.Path]:
    """The packages, in a directory of their own that goes with the run."""
    # Kept by the name, so that it is removed at the end of the process.
    made.place = tempfile.TemporaryDirectory(prefix="panel-packages-")
    with open(REPOSITORY / "out" / "package.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return make(pathlib.Path(made.place.name))


def field(package: pathlib.Path, name: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True).stdout.strip()


def depends() -> list[str]:
    """The packages that ours depend on, ours left out, and of alternatives the first."""
    found = []
    for package in made():
        for part in field(package, "Depends").split(","):
            name = re.split(r"[ (|]", part.strip())[0]
            if not name.startswith("digit-panel"):
                found.append(name)
    return sorted(set(found))
