"""Customs declarations of four families, as rows of goods."""
