"""A name that is not known: each reader is told what can be done where he is."""

import pickle

import pytest

from calibtool.errors import CalibtoolError, InputError
from calibtool.instruments.calibrants import find_calibrant
from calibtool.instruments.detectors import check_known


@pytest.mark.parametrize(("ask", "name", "like"), [
    (find_calibrant, "LaB7", "LaB6"), (check_known, "Pilatus 1N", "Pilatus"),
])
def test_the_window_names_no_command_of_the_shell(ask: object, name: str, like: str) -> None:
    assert callable(ask)
    with pytest.raises(InputError) as caught:
        ask(name)
    error = caught.value
    assert "'calibtool " in str(error)
    assert "calibtool" not in error.in_window
    assert "from the list" in error.in_window
    for text in (str(error), error.in_window):
        assert name in text
        assert like in text


def test_both_sentences_come_back_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(InputError("Use -o.", in_window="Choose a name.")))
    assert (str(error), error.in_window) == ("Use -o.", "Choose a name.")
    assert CalibtoolError("Same in both.").in_window == "Same in both."
