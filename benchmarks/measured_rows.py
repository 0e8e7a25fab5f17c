"""One line of the table of measurements, and what it may cost."""

from dataclasses import dataclass

from benchmarks.processes import Measured


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement and its budget: `most_times` is of what `of` took, its floor.

    is_by_cpu: times are of CPU time, all threads, children too, as a machine shared with others
        asks for; else of wall time.
    of_times: what `of` took is counted so many times, where it was measured on a part.
    """

    name: str
    found: Measured
    most_times: float | None = None
    of: Measured | None = None
    most_s: float | None = None
    most_cpu_s: float | None = None
    most_mb: float | None = None
    is_by_cpu: bool = False
    of_times: float = 1.0

    @property
    def times(self) -> float | None:
        """How many times its floor it took."""
        if self.of is None:
            return None
        took, floor = (
            (each.cpu_s if self.is_by_cpu else each.wall_s) for each in (self.found, self.of)
        )
        return took / (floor * self.of_times)

    @property
    def is_within(self) -> bool:
        too_slow = self.most_s is not None and self.found.wall_s > self.most_s
        too_slow |= self.most_cpu_s is not None and self.found.cpu_s > self.most_cpu_s
        too_big = self.most_mb is not None and self.found.peak_mb > self.most_mb
        times = self.times
        too_far = times is not None and self.most_times is not None and times > self.most_times
        return self.found.exit_code in (0, 3) and not (too_slow or too_big or too_far)

    @property
    def budget(self) -> str:
        """The budget in words."""
        by = " of CPU" if self.is_by_cpu else ""
        said = [f"{self.times:.3g} of at most {self.most_times:g} times{by}" if self.times else ""]
        said += [f"{self.most_s:g} s" if self.most_s else ""]
        said += [f"{self.most_cpu_s:g} s of CPU" if self.most_cpu_s else ""]
        said += [f"{self.most_mb:g} MB" if self.most_mb else ""]
        return ", ".join(filter(None, said))
