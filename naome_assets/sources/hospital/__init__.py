"""Readers of hospital data: HES APC, PEDW, RTDS, cancer waiting times, rapid registration, keys."""
