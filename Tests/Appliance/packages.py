"""The Debian packages of this checkout, made once for all tests of a run by deploy/package."""

import fcntl
import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BUILT = pathlib.Path(os.environ.get("PANEL_BUILT", REPOSITORY / ".build" / "release"))


def make(output: pathlib.Path) -> list[pathlib.Path]:
    """Runs deploy/package on the programs that are built; the booth's package is the first."""
    words = [REPOSITORY / "deploy" / "package", "--built", BUILT, "--output", output]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"deploy/package ended with {done.returncode}: {done.stderr}")
    return [pathlib.Path(line) for line in done.stdout.splitlines()]


def inputs() -> str:
    """What the packages are made of, so that they are made once for all processes of a run and anew after any change."""
    files = [BUILT / "panel", BUILT / "panelctl", REPOSITORY / "deploy" / "package"]
    for folder in ("deploy/system", "deploy/docs", "Assets"):
        files += sorted(file for file in (REPOSITORY / folder).rglob("*") if file.is_file())
    told = [f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files if "__pycache__" not in file.parts]
    for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"]):
        told.append(subprocess.run(["git", "-C", REPOSITORY, *words], capture_output=True, text=True).stdout)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


@functools.cache
def made() -> list[pathlib.Path]:
    """The packages, kept under out/ until something that they are made of changes."""
    kept = REPOSITORY / "out" / "packages"
    kept.mkdir(parents=True, exist_ok=True)
    place = kept / inputs()
    with open(kept / "lock", "w") as lock:
        # Two test classes at once make them once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "whole").exists():
            for old in kept.glob("*/"):
                shutil.rmtree(old)
            began = time.monotonic()
            names = [package.name for package in make(place)]
            print(f"  both packages made in {time.monotonic() - began:.1f} s, from programs that were built", flush=True)
            (place / "whole").write_text("\n".join(names))
    return [place / name for name in (place / "whole").read_text().splitlines()]


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
