"""When: the night as Prefect flows, the command line that starts them; computes nothing."""

from infra.memory import collect_rarely, give_back_early, read_little_ahead

give_back_early()
read_little_ahead()
collect_rarely()
