"""Cards of money mules ("droppers"): what accounts do, what that tells, whom to block and why."""
