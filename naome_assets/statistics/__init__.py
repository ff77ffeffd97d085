"""Statistics that SQL cannot do: pure functions from columns to figures, without a warehouse."""
