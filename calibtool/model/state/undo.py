"""Undo and redo: a list of states and a cursor."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

State = TypeVar("State")


@dataclass(frozen=True)
class Timeline(Generic[State]):
    """All states since the start and the one that is current."""

    states: tuple[State, ...]
    cursor: int = 0

    @property
    def current(self) -> State:
        """The state shown."""
        return self.states[self.cursor]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self.cursor > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a later state."""
        return self.cursor + 1 < len(self.states)

    def push(self, state: State) -> "Timeline[State]":
        """Add a state after the current one; what had been undone is given up."""
        return Timeline((*self.states[: self.cursor + 1], state), self.cursor + 1)

    def amend(self, state: State) -> "Timeline[State]":
        """Change the current state without a step of its own (a selection, a step of a click)."""
        states = (*self.states[: self.cursor], state, *self.states[self.cursor + 1 :])
        return replace(self, states=states)

    def undo(self) -> "Timeline[State]":
        """Go one state back, if there is one."""
        return replace(self, cursor=self.cursor - 1) if self.can_undo else self

    def redo(self) -> "Timeline[State]":
        """Go one state on, if there is one."""
        return replace(self, cursor=self.cursor + 1) if self.can_redo else self
