"""When: the night as Prefect flows, the command line that starts them; computes nothing."""

from infra.memory import collect_rarely, fetch_little_ahead, give_back_early

give_back_early()
fetch_little_ahead()
collect_rarely()
