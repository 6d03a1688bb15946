"""From the state to what there is to see, without side effects."""
