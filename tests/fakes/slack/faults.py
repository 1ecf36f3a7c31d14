"""Making the fake misbehave on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from .model import Call


@dataclass
class Fault:
    """What goes wrong with the next `times` requests to the methods that match the pattern.

    After `delay` seconds: nothing more; or `status` (with `retry_after`) or `error` (an ok:false answer) is answered,
    or the connection is `reset`. With `when="after"` the request takes effect first, and its answer is held back for
    `hold` seconds.
    """

    pattern: str
    times: int = 1
    delay: float = 0.0
    status: int | None = None
    retry_after: int | None = None
    error: str | None = None
    reset: bool = False
    when: Literal["before", "after"] = "before"
    hold: float = 0.0
    only: Callable[[Call], bool] = lambda call: True

    @property
    def answers(self) -> bool:
        """Whether the request gets something else than its own answer."""
        return self.reset or self.status is not None or self.error is not None

    def takes(self, call: Call) -> bool:
        """Whether this request is hit; a hit is counted."""
        hit = self.times > 0 and fnmatchcase(call.method, self.pattern) and self.only(call)
        self.times -= hit
        return hit
