"""When: the night as Prefect flows, the command line that starts them; computes nothing."""

from infra.memory import give_back_early

give_back_early()
