"""How pieces of a record fill pages: nothing is cut off, headings stay with their text, tables repeat their header.

A piece knows its height, can be cut in two between lines, and draws itself. Measures are points; y grows upwards.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from hia_app.pdf.canvas import TaggedCanvas


@dataclass(eq=False)
class Target:
    """A heading that contents and bookmarks lead to; its page (from 1) is known once everything is placed."""

    key: str
    text: str
    level: int
    page: int = 0


class Piece(Protocol):
    """Something that takes a place in the column."""

    @property
    def height(self) -> float: ...

    @property
    def least(self) -> float:
        """The height that must be free for a first part to make sense."""

    @property
    def before(self) -> float: ...

    @property
    def after(self) -> float: ...

    @property
    def stays_with_next(self) -> bool: ...

    @property
    def header(self) -> "Piece | None":
        """What is drawn again, as decoration, above this piece when it starts a page."""

    @property
    def target(self) -> Target | None: ...

    def split(self, room: float, *, forced: bool = False) -> "tuple[Piece, Piece] | None":
        """Two pieces, the first no higher than `room`; None when it is better moved whole (never None when forced)."""

    def draw(self, canvas: TaggedCanvas, x: float, top: float, *, again: bool = False) -> None:
        """Paint with the upper left corner at (x, top); `again` paints a repeated header as decoration."""


class NewPage:
    """What follows starts on a new page."""


@dataclass(frozen=True)
class Placed:
    """A piece and how far below the top of the column it starts."""

    piece: Piece
    down: float
    again: bool = False


@dataclass
class Page:
    """The pieces of one page."""

    placed: list[Placed] = field(default_factory=list)


class Compositor:
    """Fills pages with pieces, from the first to the last."""

    def __init__(self, height: float) -> None:
        self.full = height
        self.pages = [Page()]
        self._down, self._gap = 0.0, 0.0

    def compose(self, pieces: "Iterable[Piece | NewPage]") -> list[Page]:
        """Pages with everything on them, in order."""
        waiting = deque(pieces)
        while waiting:
            piece = waiting.popleft()
            if isinstance(piece, NewPage):
                if self._page.placed:
                    self._turn(None)
                continue
            rest = self._place(piece, waiting)
            if rest is not None:
                waiting.appendleft(rest)
        return self.pages

    @property
    def _page(self) -> Page:
        return self.pages[-1]

    @property
    def _empty(self) -> bool:
        """Nothing stands on the page yet (a repeated header does not count)."""
        return all(placed.again for placed in self._page.placed)

    def _place(self, piece: Piece, following: "deque[Piece | NewPage]") -> Piece | None:
        """Put the piece, or as much of it as fits, on the page; what is left over comes back."""
        gap = 0.0 if self._empty else max(self._gap, piece.before)
        room = self.full - self._down - gap
        if not self._empty and room < self._wanted(piece, following):
            self._turn(piece)
            return piece
        if piece.height <= room:
            self._put(piece, gap)
            return None
        parts = piece.split(room, forced=self._empty)
        if parts is None:
            self._turn(piece)
            return piece
        self._put(parts[0], gap)
        self._turn(parts[1])
        return parts[1]

    def _wanted(self, piece: Piece, following: "deque[Piece | NewPage]") -> float:
        """The room without which the piece goes to the next page, together with those that stay with it."""
        wanted, last = 0.0, piece
        for after in following:
            if not last.stays_with_next or isinstance(after, NewPage):
                break
            wanted += last.height + max(last.after, after.before)
            last = after
        wanted += last.least
        return wanted if wanted <= self.full else piece.least

    def _put(self, piece: Piece, gap: float) -> None:
        self._page.placed.append(Placed(piece, self._down + gap))
        self._down += gap + piece.height
        self._gap = piece.after
        if piece.target:
            piece.target.page = len(self.pages)

    def _turn(self, starts: Piece | None) -> None:
        """A new page, with the table header again when the page starts inside a table."""
        self.pages.append(Page())
        self._down, self._gap = 0.0, 0.0
        header = starts.header if starts else None
        if header is not None and header.height < self.full / 3:
            self._page.placed.append(Placed(header, 0.0, again=True))
            self._down = header.height
