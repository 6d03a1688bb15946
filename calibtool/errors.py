"""What can go wrong through no fault of the program, each with a text a user can act on."""


class CalibtoolError(Exception):
    """Base of all errors whose text is shown to the user as it is.

    The text is one sentence or two: what (file or field), why, and what to do next.

    Parameters
    ----------
    message : str
        The text.
    in_window : str, optional
        The text where what to do next is another thing in the window than on the command line.
    """

    exit_code = 2

    def __init__(self, message: str = "", *, in_window: str = "") -> None:
        super().__init__(message)
        self.in_window = in_window or message


class InputError(CalibtoolError):
    """A file, a field or an option cannot be used."""


class ImageReadError(InputError):
    """A file is missing, is not an image, or is damaged."""


class DatasetChoiceError(ImageReadError):
    """A file holds several images; one has to be chosen.

    Parameters
    ----------
    message : str
        What the user is told.
    candidates : tuple of str
        Names that can be opened, as ``file::/dataset``.
    looks : tuple of str
        What each is, as ``1024 × 768, 20 frames``.
    """

    def __init__(
        self, message: str, candidates: tuple[str, ...] = (), looks: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.candidates, self.looks = candidates, looks


class UnknownFormatError(ImageReadError):
    """No reader knows the file: how its pixels lie in it has to be said.

    Parameters
    ----------
    message : str
        What the user is told.
    path : str
        The file.
    in_window : str
        What the user is told in the window.
    """

    def __init__(self, message: str, path: str = "", *, in_window: str = "") -> None:
        super().__init__(message, in_window=in_window)
        self.path = path


class NoAnswerError(CalibtoolError):
    """The input is sound but does not determine an answer."""

    exit_code = 1


class RingNotFoundError(NoAnswerError):
    """No ring in the image that could be trusted."""


class FixedBeamError(NoAnswerError):
    """The rings contradict a fixed beam centre."""


class TooFewPointsError(NoAnswerError):
    """Fewer usable points than a circle fit needs."""


class FitError(NoAnswerError):
    """The points or pixels do not determine a circle (for example all on a line)."""


class JobCancelledError(CalibtoolError):
    """The user stopped a running job; nothing was changed."""

    exit_code = 1
