"""Arrests in criminal cases: of cards, of other assets, of crypto wallets."""
