"""Tests of the synthetic submissions."""
