"""Trials of what an operator forbids, and of migrations that Nova alone would have done, under several configurations of Nova."""
