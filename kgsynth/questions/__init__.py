"""Queries into questions: the words of a stem, decided by data in ``templates/questions``."""
