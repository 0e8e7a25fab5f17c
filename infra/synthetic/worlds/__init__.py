"""Pretend worlds for measuring detectors: many networks, many innocents, and the truth of both."""

from infra.synthetic.worlds.people import AGE_AHEAD_YEARS
from infra.synthetic.worlds.world import World, world

__all__ = ["AGE_AHEAD_YEARS", "World", "world"]
