"""One line of the table of measurements, and what it may cost."""

from dataclasses import dataclass

from benchmarks.processes import Measured


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement and its budget: `most_times` is of the wall time of `of`, its floor."""

    name: str
    found: Measured
    most_times: float | None = None
    of: Measured | None = None
    most_s: float | None = None
    most_mb: float | None = None

    @property
    def times(self) -> float | None:
        """How many times its floor it took."""
        return self.found.wall_s / self.of.wall_s if self.of else None

    @property
    def is_within(self) -> bool:
        too_slow = self.most_s is not None and self.found.wall_s > self.most_s
        too_big = self.most_mb is not None and self.found.peak_mb > self.most_mb
        times = self.times
        too_far = times is not None and self.most_times is not None and times > self.most_times
        return self.found.exit_code in (0, 3) and not (too_slow or too_big or too_far)

    @property
    def budget(self) -> str:
        """The budget in words."""
        said = [f"{self.times:.2f} of at most {self.most_times:g} times" if self.times else ""]
        said += [f"{self.most_s:g} s" if self.most_s else ""]
        said += [f"{self.most_mb:g} MB" if self.most_mb else ""]
        return ", ".join(filter(None, said))
