"""From the state to what there is to see, without side effects."""

from calibtool.presenter.present import present
from calibtool.presenter.state import State, new_state

__all__ = ["State", "new_state", "present"]
