"""What the first look returns: a centre and the rings around it."""

from dataclasses import dataclass

from calibtool.model.circle import Circle


@dataclass(frozen=True)
class Aim:
    """Where the rings of a flat detector that may be tilted have their common axis.

    A pixel at (u, v) from the centre, ρ = √(u² + v²), lies on the ring of parameter
    T = ρ / (1 + u·tau_x + v·tau_y). Centre in index pixels, ``tau`` in 1/px.
    """

    x: float
    y: float
    tau_x: float = 0.0
    tau_y: float = 0.0


@dataclass(frozen=True)
class SeenRing:
    """A ring around a known centre.

    ``radius_px`` is the parameter T of `Aim` (the radius where there is no tilt), ``width_px``
    the σ of its profile, ``snr`` its contrast over the noise, summed along the ring;
    ``visible`` the share (0…1) of the circle on usable pixels and ``coverage`` the share of
    that where it shows; ``amplitude`` its height over the background; ``peak`` how much better
    a peak explains the profile than an edge (logarithm, above 0: a peak); ``sigma_center_px``
    how well this ring alone fixes the centre.
    """

    radius_px: float
    width_px: float
    snr: float
    coverage: float
    visible: float
    amplitude: float
    peak: float
    sigma_center_px: float


@dataclass(frozen=True)
class Sight:
    """A centre and the rings seen around it, the smallest first.

    Centre in index pixels; ``tau_x_per_px``, ``tau_y_per_px`` are the tilt terms of `Aim`, 0
    where the rings do not ask for any; ``evidence`` is the signal-to-noise ratio of all rings
    together; ``certain`` says that they are rings beyond doubt, each by itself.
    """

    center_x_px: float
    center_y_px: float
    sigma_center_px: float
    rings: tuple[SeenRing, ...]
    evidence: float
    tau_x_per_px: float = 0.0
    tau_y_per_px: float = 0.0
    certain: bool = True

    def circle(self, ring: SeenRing) -> Circle:
        """The circle next to a ring: a tilt moves its centre by R² times the tilt terms."""
        shift = ring.radius_px**2
        return Circle(
            self.center_x_px + shift * self.tau_x_per_px,
            self.center_y_px + shift * self.tau_y_per_px,
            ring.radius_px,
        )
