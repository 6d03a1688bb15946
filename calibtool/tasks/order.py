"""Take over the ring's number when the evidence is certain and nobody has chosen another."""

from dataclasses import replace

from calibtool.model.rings.order import RingOrder
from calibtool.model.settings import DEFAULT, USER, Quantity, Settings
from calibtool.model.state.session import Session


def with_order(session: Session) -> Session:
    """Session whose ring number follows the result's evidence."""
    result = session.result
    if result is None:
        return session
    return replace(session, settings=ordered(session.settings, result.order))


def ordered(settings: Settings, order: RingOrder | None) -> Settings:
    """Settings with the ring's number from the evidence, unless the user chose it.

    A number that is only likely is taken too, but as a default that nobody has confirmed.
    """
    if order is None or settings.ring is None or order.ring is None:
        return settings
    if settings.ring_source == USER or settings.d_spacing.source == USER:
        return settings
    d = settings.d_spacings_nm[order.ring - 1]
    quantity = Quantity(d, d * settings.d_relative_sigma, f"calibrant {settings.calibrant}")
    source = order.evidence if order.certain else f"{DEFAULT}: likely, {order.evidence}"
    return replace(settings, ring=order.ring, ring_source=source, d_spacing=quantity)
