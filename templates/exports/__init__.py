"""A trail as files that other tools open; personal data, for the case only."""
