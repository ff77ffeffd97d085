"""Disclosure control: which numbers may leave, and in what form (method book section 7)."""
