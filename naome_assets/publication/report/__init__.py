"""The report: a static site in English and Welsh, made of published figures only."""

from naome_assets.publication.report.site import write_report

__all__ = ["write_report"]
