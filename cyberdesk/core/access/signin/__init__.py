"""Signing in: who a browser's request comes from, and the means a person proves it with."""
