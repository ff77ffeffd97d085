"""Figures and files of naome judged by what nobody of the project wrote (`make judge`)."""
