

def test_points_exactly_on_a_circle_say_nothing() -> None:
    azimuth = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    assert harmonics(1e-7 * np.cos(2.0 * azimuth), azimuth).sentences == ()
