"""Tests of naome_assets.sources: landing files become rows."""
