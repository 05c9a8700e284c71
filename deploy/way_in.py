"""The way of a visitor from the invitation to the sheet, screen by screen, by touch alone.

What stands where is asked of the running panel: `panelctl status --json` names the screen and all that can be pressed on it.
"""

import dataclasses
import time
from collections.abc import Callable

SHEETS = ("challenge", "free play")
AGREES = ("useDrawings", "showName")
"""The two choices of the consent screen."""


@dataclasses.dataclass(frozen=True)
class Place:
    """A rectangle in panel pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def cut(self, picture):
        """What a picture, an array of rows x columns, shows there."""
        return picture[self.y : self.y + self.height, self.x : self.x + self.width]


def places(status: dict) -> dict[str, Place]:
    """All that can be pressed on the screen that stands there, by name."""
    return {c["name"]: Place(c["x"], c["y"], c["width"], c["height"]) for c in status["controls"]}


def sheet(status: dict) -> Place:
    """The canvas."""
    canvas = status["canvas"]
    return Place(canvas["x"], canvas["y"], canvas["side"], canvas["side"])


def taps(status: dict, agrees: tuple[str, ...] = AGREES) -> list[tuple[float, float]]:
    """Where to tap, one after the other, to come from this screen to the next; nothing on the sheet."""
    found = places(status)
    match status["screen"]:
        case "challenge" | "free play":
            return []
        case "consent":
            return [found[name].middle for name in (*agrees, "start")]
        case "name":
            return [found["done"].middle]
        case _:
            # The invitation, or the question whether anybody is there: the largest place, which is nearly all of it.
            return [max(found.values(), key=lambda place: place.width * place.height).middle]


def enter(
    status: Callable[[], dict], tap: Callable[[float, float], None], agrees: tuple[str, ...] = AGREES, patience: float = 20
) -> list[str]:
    """Taps from screen to screen until the sheet stands there; returns the screens that were passed."""
    passed = []
    deadline = time.monotonic() + patience
    while (now := status())["screen"] not in SHEETS:
        passed.append(now["screen"])
        for x, y in taps(now, agrees):
            tap(x, y)
        while status()["screen"] == now["screen"]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the panel does not go on from its screen {now['screen']!r}")
            time.sleep(0.05)
    return passed
