"""Measurements with their budgets, side by side in one run; memory as the night keeps it."""

from infra.memory import collect_rarely, fetch_little_ahead, give_back_early

give_back_early()
fetch_little_ahead()
collect_rarely()
