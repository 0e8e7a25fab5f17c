"""Pretend institutions: seeded deliveries to the folder door, and the truth planted in them."""

from infra.synthetic.handover import Delivered, deliver

__all__ = ["Delivered", "deliver"]
