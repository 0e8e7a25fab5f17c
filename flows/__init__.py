"""When: the night as Prefect flows, the command line that starts them; computes nothing."""

from infra.memory import collect_rarely, give_back_early

give_back_early()
collect_rarely()
