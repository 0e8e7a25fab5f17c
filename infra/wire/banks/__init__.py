"""Messages of banks: statements, transfers, and the exchange with authorities."""
