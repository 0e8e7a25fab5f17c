"""The trail of the money: who paid whom, where stolen money went, and what of it is left."""
