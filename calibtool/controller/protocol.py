"""What the commands know of the controller, so that they need not import it."""

from typing import Any, Protocol

from calibtool.controller.jobs import LongWork
from calibtool.model.state.session import Session
from calibtool.presenter import State
from calibtool.scene import Scene


class Controller(Protocol):
    """Holds the state; `calibtool.controller.controller` is it."""

    state: State

    @property
    def session(self) -> Session:
        """The current session."""

    @property
    def scene(self) -> Scene:
        """What is shown."""

    def update(self, state: State) -> None:
        """Take a new state and show it."""

    def push(self, session: Session) -> None:
        """Take an undoable step."""

    def amend(self, session: Session) -> None:
        """Change the session without a step of its own."""

    def start(self, lane: str, work: LongWork) -> None:
        """Give long work to the worker."""

    def stop(self) -> None:
        """Ask whatever the user waits for to stop."""

    def forget_jobs(self, *lanes: str) -> None:
        """Stop jobs whose answer nobody waits for any more."""

    def busy_with(self, lane: str) -> bool:
        """Whether work of a lane is running."""

    def find_again(self) -> None:
        """Measure the image again as far as it was."""

    def set_field(self, key: str, text: str) -> None:
        """Take what was typed."""

    def set_display(self, **changes: Any) -> None:
        """Change how the image is shown."""
