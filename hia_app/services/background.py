"""What people are told about work that the background worker does for them and that does not seem to move."""

from __future__ import annotations

from datetime import datetime, timedelta

PATIENCE = timedelta(seconds=30)  # a worker that is alive looks for work four times a second
IN_THE_LOG = "Whoever runs the service finds the reason in its log. You can try again."


def is_late(moved_at: datetime, now: datetime) -> bool:
    """Whether so much time has gone by since anything happened that somebody should look after the worker."""
    return now - moved_at > PATIENCE
