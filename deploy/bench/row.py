"""A line of the bench's table: a figure beside its limit."""

import dataclasses


@dataclasses.dataclass
class Row:
    figure: str
    measured: float | None
    unit: str
    limit: float
    note: str = ""
    # Whether the limit is the least, not the most.
    least: bool = False

    @property
    def met(self) -> bool:
        if self.measured is None:
            return False
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    def __str__(self) -> str:
        told = "not measured" if self.measured is None else f"{self.measured:.4g} {self.unit}"
        return f"{self.figure:<52} {told:>14} {self.limit:>8.4g} {self.unit:<6} {'met' if self.met else 'NOT MET':<8} {self.note}"
