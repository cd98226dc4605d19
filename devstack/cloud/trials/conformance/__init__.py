"""Watcher's own API tests, of its tempest plugin."""
