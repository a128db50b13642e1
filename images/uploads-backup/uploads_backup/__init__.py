"""Snapshots of the sites' uploads with restic, on the Orchestrator's orders. __main__.py lists them."""
