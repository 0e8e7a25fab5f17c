"""The sections of an edition, each worded from its material; one module for each of them."""
