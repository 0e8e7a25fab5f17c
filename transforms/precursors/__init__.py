"""Precursors: which goods are listed, how they are recognised, and which imports broke the law."""
