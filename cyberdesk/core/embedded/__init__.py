"""PostgreSQL and Valkey started from their wheels when no URL is set, and what keeps them alive.

Knows no Flask and no SQLAlchemy: the supervisor's own process stays small.
"""
