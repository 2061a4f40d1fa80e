"""What a survey does while an archive is out: its stars wait, and so does it, with pauses that grow."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app_tess.errors import SurveyStopped

FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 600.0
"""Pause after a star for which the archive was out [s]; it doubles until the archive answers again."""

LONGEST_OUTAGE_S = 3600.0
"""After so long without an answer to any star the survey stops [s]."""

MOST_ATTEMPTS = 3
"""A star fails for which the archive was out so many times while it answered others in between."""


@dataclass
class Outage:
    """What is known of the archive: when it last answered, and which stars wait for it.

    Attributes
    ----------
    waiting : dict
        TIC id -> (attempts, when the first one ended).
    """

    report: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    waiting: dict[int, tuple[int, float]] = field(default_factory=dict)
    began: float | None = None
    answered_at: float = 0.0
    rested_until: float = 0.0
    pause_s: float = FIRST_PAUSE_S

    def end(self, tic_id: int) -> None:
        """Note that the archive has answered for a star."""
        self.waiting.pop(tic_id, None)
        self.answered_at, self.began, self.pause_s = time.time(), None, FIRST_PAUSE_S

    def postpone(self, tic_id: int, failed_at: float, message: str) -> bool:
        """Note that the archive was out, and pause; return False where the fault is rather the star's.

        Raises
        ------
        SurveyStopped
            It has been out for LONGEST_OUTAGE_S.
        """
        attempts, first_at = self.waiting.get(tic_id, (0, failed_at))
        self.waiting[tic_id] = (attempts + 1, first_at)
        if attempts + 1 >= MOST_ATTEMPTS and self.answered_at > first_at:
            del self.waiting[tic_id]
            return False
        self.began = failed_at if self.began is None else self.began
        if failed_at <= self.rested_until:  # it failed before the last pause was over: one pause for all of these
            return True
        if time.time() - self.began > LONGEST_OUTAGE_S:
            raise SurveyStopped(f"No answer from the archive for {LONGEST_OUTAGE_S / 60:.0f} minutes: {message}")
        self.report(f"The archive is out ({message}) The survey waits {self.pause_s:.0f} s.")
        self.sleep(self.pause_s)
        self.pause_s = min(2 * self.pause_s, LONGEST_PAUSE_S)
        self.rested_until = time.time()
        return True
