"""Session to Scene."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from calibtool.model.circle import FloatArray, azimuths, radial_residuals
from calibtool.model.image import Image
from calibtool.model.points.harmonics import harmonics
from calibtool.model.results import HistoryRow, RingFit
from calibtool.model.state.consistency import all_warnings
from calibtool.model.state.guidance import next_place, tips
from calibtool.model.state.session import Session
from calibtool.model.state.verdict import judge
from calibtool.picture import Picture
from calibtool.presenter import marks, results, tour
from calibtool.presenter.advice import advice
from calibtool.presenter.changes import change
from calibtool.presenter.enabling import checked, enabled
from calibtool.presenter.fields import fields
from calibtool.presenter.marks import MIN_RESIDUALS
from calibtool.presenter.state import State
from calibtool.presenter.texts import plain, unbroken
from calibtool.presenter.unrolled import unrolled
from calibtool.scene import (
    Advice,
    Curve,
    Masking,
    MaskTool,
    ResultRow,
    Scene,
    Strip,
    Table,
    Verdict,
)

PACKED = (".gz", ".bz2")
CARRIED = "settings kept from the image before"
STALE = Verdict("The points have changed", "Press Refit or Done for new numbers.", dimmed=True)
OTHER_IMAGE = Verdict(
    "The image has changed", "Done, Find ring or Refit brings new numbers.", dimmed=True
)
HISTORY = ("start", "stage", "iter.", "x (px)", "y (px)", "R (px)", "objective", "best", "points")
"""Titles for the columns of the history, which in files have the names of ``HistoryRow``."""


MASK_HINTS: dict[MaskTool, str] = {
    "rectangle": "Drag from corner to corner.",
    "polygon": "Click corner by corner; click the first one again to close (right button: anew).",
    "circle": "Drag from the middle outwards.",
    "wedge": "Drag around the beam, from one side of the wedge to the other.",
    "brush": "Drag over the pixels.",
}
"""What the mouse does with each tool of the mask."""


def present(state: State) -> Scene:
    """Say what there is to see of a state."""
    session = state.session
    told, points = _told(state), marks.points(session)
    return Scene(
        title=_title(session),
        picture=None if session.image is None else _picture(session.image),
        display=state.display,
        rings=marks.rings(session),
        crosses=marks.crosses(session),
        points=points,
        selected=session.selected,
        picking=session.picking,
        one_click=session.one_click,
        measuring=state.measuring,
        masking=_masking(state),
        lens=session.lens,
        next_place=_next_place(session),
        fields=fields(state),
        results=told.results,
        verdict=told.verdict,
        warnings=told.warnings,
        strip=_strip(session),
        unrolled=unrolled(state, points),
        convergence=_convergence(_history(session)),
        history=_table(_history(session)),
        hint=_hint(state),
        busy=state.busy,
        notice=state.notice or tour.notice(state),
        enabled=enabled(state),
        checked=checked(state),
        recent=state.recent,
        folder=_folder(state),
        series=state.series,
        drift=state.drift,
        directory=_directory(session),
        stem=_stem(session),
        labels=_labels(state),
        closing=state.closing,
    )


def _title(session: Session) -> str:
    if session.image is None:
        return "calibtool"
    name = os.path.basename(session.image.path) or "image"
    frames = f" [{session.image.frame + 1}/{session.image.n_frames}]"
    return f"{name}{frames if session.image.n_frames > 1 else ''} – calibtool"


def _directory(session: Session) -> str:
    """Where file dialogs begin: beside the image, empty without one."""
    if session.image is None or not session.image.path:
        return ""
    file = session.image.path.partition("::")[0]
    return os.path.dirname(os.path.abspath(file))


def _stem(session: Session) -> str:
    """Name of the image without what its format adds, with its frame where it has several."""
    image = session.image
    if image is None:
        return ""
    name = os.path.basename(image.path.partition("::")[0])
    for _ in range(2):
        name, ending = os.path.splitext(name)
        if ending.lower() not in PACKED:
            break
    return f"{name}_{image.frame:04d}" if image.n_frames > 1 else name


def _labels(state: State) -> Mapping[str, str]:
    """What undo and redo would do, by name."""
    cursor = state.timeline.cursor
    undo, redo = "Undo", "Redo"
    if state.timeline.can_undo:
        undo = f"Undo {_step(state, cursor)}"
    if state.timeline.can_redo:
        redo = f"Redo {_step(state, cursor + 1)}"
    return MappingProxyType({"undo": undo.rstrip(), "redo": redo.rstrip()})


def _step(state: State, place: int) -> str:
    """Name of the step that leads to a place of the timeline."""
    if place == state.carried:
        return CARRIED
    before, after = state.timeline.states[place - 1 : place + 1]
    return change(before, after)


@lru_cache(maxsize=4)
def _picture(image: Image) -> Picture:
    masked = int(np.count_nonzero(image.mask))
    share = 100.0 * masked / image.mask.size
    text = f"{masked} pixels ({share:.1f} %) are masked" if masked else "no masked pixels"
    return Picture(image.data, image.mask, os.path.basename(image.path), text)


def _masking(state: State) -> Masking | None:
    """The drawing of a mask, wedges around the centre that is known, or the image's middle."""
    image, circle = state.session.image, state.session.circle
    if state.masking is None or image is None:
        return None
    rows, columns = image.data.shape
    center = (0.5 * (columns - 1), 0.5 * (rows - 1))
    if circle is not None:
        center = (circle.center_x_px, circle.center_y_px)
    return replace(state.masking, center=center)


@dataclass(frozen=True)
class _Told:
    """What the column says of a result."""

    verdict: Verdict
    results: tuple[ResultRow, ...]
    warnings: tuple[Advice, ...] = ()


def _told(state: State) -> _Told:
    """Verdict, numbers and warnings; those of the last image, dimmed, while one is measured."""
    session, corner = state.session, state.display.corner
    waiting = session.result is None and state.busy is not None
    if waiting and state.previous is not None:
        return _dimmed(_told_of(state.previous, corner))
    told = _told_of(session, corner)
    if session.result is None or session.fresh:
        return told
    return replace(_dimmed(told), verdict=STALE if session.of_image else OTHER_IMAGE)


def _told_of(session: Session, corner: bool) -> _Told:
    result, rows = session.result, results.rows(session, corner=corner)
    if result is None:
        return _Told(_invitation(session), rows)
    verdict = judge(result, session.settings)
    found = all_warnings(result, session.settings)
    return _Told(
        Verdict(verdict.words, unbroken(verdict.numbers), verdict.level), rows,
        tuple(advice(warning, result) for warning in found),
    )


def _invitation(session: Session) -> Verdict:
    if session.image is None:
        return Verdict("Open an image", "or paste its path: the numbers appear here.")
    return Verdict("No result yet", "Press Find ring, or set points on a ring by hand.")


def _dimmed(told: _Told) -> _Told:
    return _Told(
        replace(told.verdict, level="none", dimmed=True),
        tuple(replace(row, dimmed=True) for row in told.results),
        tuple(replace(warning, dimmed=True) for warning in told.warnings),
    )


def _strip(session: Session) -> Strip:
    result = session.result
    words = _words_of_points(session)
    if result is None or result.ring is None or not session.fresh:
        return Strip(words=words)
    ring: RingFit = result.ring
    return Strip(
        tuple(wrapped_deg(ring.sector_azimuth_rad).tolist()),
        tuple(ring.sector_residual_px.tolist()),
        words,
    )


def wrapped_deg(azimuth_rad: FloatArray) -> FloatArray:
    """Azimuths in degrees in [-180, 180), as the strip shows them."""
    return np.asarray((np.degrees(azimuth_rad) + 180.0) % 360.0 - 180.0)


def _words_of_points(session: Session) -> tuple[str, ...]:
    circle = session.circle
    if circle is None or len(session.points) < MIN_RESIDUALS:
        return ()
    xy = session.xy()
    fit = session.result.circle if session.result is not None and session.fresh else None
    inliers = None if fit is None else fit.inliers
    return harmonics(radial_residuals(xy, circle), azimuths(xy, circle), inliers).sentences


def _history(session: Session) -> tuple[HistoryRow, ...]:
    result = session.result
    return result.circle.history if result is not None and result.circle is not None else ()


@lru_cache(maxsize=4)
def _convergence(history: tuple[HistoryRow, ...]) -> tuple[Curve, ...]:
    starts = sorted({row.start for row in history})
    own = {start: [row for row in history if row.start == start] for start in starts}
    objectives = [
        Curve(
            f"start {start}",
            tuple(float(n) for n in range(len(rows))),
            tuple(row.best_objective for row in rows),
            group="objective",
            log=True,
        )
        for start, rows in own.items()
    ]
    radii = [
        Curve(
            f"start {start}",
            tuple(float(n) for n in range(len(rows))),
            tuple(row.radius_px for row in rows),
            group="radius (px)",
        )
        for start, rows in own.items()
    ]
    return (*objectives, *radii)


@lru_cache(maxsize=4)
def _table(history: tuple[HistoryRow, ...]) -> Table:
    return Table(HISTORY, tuple(_cells(row) for row in history))


def _cells(row: HistoryRow) -> tuple[str, ...]:
    circle = (row.center_x_px, row.center_y_px, row.radius_px)
    return (
        str(row.start),
        row.stage,
        str(row.iteration),
        *(f"{value:.3f}" for value in circle),
        plain(row.objective),
        plain(row.best_objective),
        str(row.n_points),
    )


def _next_place(session: Session) -> tuple[float, float] | None:
    if not session.picking or session.image is None:
        return None
    return next_place(session.xy(), session.circle, session.image.mask)


def _hint(state: State) -> str:
    session = state.session
    if session.image is None:
        return ""
    if state.masking is not None:
        return MASK_HINTS[state.masking.tool]
    if state.measuring:
        return "Click a spot to measure from the beam centre; click a second for their spacing."
    if not session.picking:
        return ""
    if session.lens is not None:
        return (
            "Click the exact place in the magnifier, or move there by the arrows and press Enter. "
            "Esc: back."
        )
    advice = tips(session.xy(), session.circle, session.image.data.shape)
    first = "Click a point on the ring" if session.one_click else "Click near the ring"
    return f"{first}. {advice[0].message}" if advice else f"{first}, or press Done."


def _folder(state: State) -> Table:
    image = state.session.image
    names = tuple((os.path.basename(path),) for path in state.folder)
    current = None
    if image is not None and image.path in state.folder:
        current = state.folder.index(image.path)
    return Table(("file",), names, current)
