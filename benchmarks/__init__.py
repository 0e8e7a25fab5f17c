"""Measurements with their budgets, side by side in one run; memory as the night keeps it."""

from infra.memory import collect_rarely, give_back_early, read_little_ahead

give_back_early()
read_little_ahead()
collect_rarely()
