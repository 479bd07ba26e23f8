"""One line of the table."""
from dataclasses import dataclass


@dataclass
class Figure:
    name: str
    measured: str
    beside: str
    goal: str
    reached: bool


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms"
