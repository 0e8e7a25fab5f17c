"""Measurements side by side, with their budgets. `python -m benchmarks` runs them all."""
