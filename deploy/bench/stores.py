"""Stores of drawings that nobody drew, each made once and lent to whoever measures with so many."""

import pathlib
import shutil
import subprocess


class Stores:
    def __init__(self, panelctl: pathlib.Path, place: pathlib.Path):
        self._panelctl = panelctl
        self._place = place

    def of(self, samples: int) -> pathlib.Path:
        """The directory of a store; whoever writes to it takes that back."""
        spool = self._place / f"store-{samples}"
        if not spool.exists():
            words = [self._panelctl, "bench", "store", "--samples", samples, "--spool", spool]
            subprocess.run(list(map(str, words)), check=True, stdout=subprocess.DEVNULL)
        return spool

    def end(self) -> None:
        for spool in self._place.glob("store-*"):
            shutil.rmtree(spool)
