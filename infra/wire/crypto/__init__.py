"""Answers of exchanges, travel-rule payloads, and public labels of wallets."""
