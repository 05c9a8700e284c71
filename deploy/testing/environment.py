"""Throw-away Python environments with pinned packages from PyPI, kept under out/ until the pins change."""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"


class NotThere(Exception):
    """The environment cannot be made here; the text says why."""


def python(requirements: pathlib.Path, seconds: float = 400) -> pathlib.Path:
    """The interpreter of an environment that has these packages; made when it is not there yet."""
    pins = requirements.read_bytes()
    place = REPOSITORY / "out" / "python" / f"{requirements.stem}-{hashlib.sha256(pins).hexdigest()[:12]}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{place}.lock", "w") as lock:
        # Two test runs at once make one environment.
        fcntl.flock(lock, fcntl.LOCK_EX)
        whole = place / "whole"
        if not whole.exists():
            shutil.rmtree(place, ignore_errors=True)
            run([PYTHON, "-m", "venv", place], seconds, "python3 -m venv (package python3-venv)")
            pip = [place / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            run([*pip, "--requirement", requirements], seconds, f"pip install {requirements.name} from PyPI")
            whole.touch()
    return place / "bin" / "python"


def run(words: list, seconds: float, what: str) -> None:
    try:
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise NotThere(f"{what} took more than {seconds:.0f} s") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotThere(f"{what} failed: {said[-1] if said else 'without a word'}")
