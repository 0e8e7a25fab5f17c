"""Measurements with their budgets, side by side in one run; memory as the night keeps it."""

from infra.memory import give_back_early

give_back_early()
