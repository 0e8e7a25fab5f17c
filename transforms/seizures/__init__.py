"""Seizures: what was taken away, by whom, and which reports of two agencies are about one."""
