"""Who works at North Works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    username: str
    first_name: str
    last_name: str
    role: str


CAST = (
    Person("root", "Ruth", "Oduya", "admin"),
    Person("eizumoto", "Eddie", "Izumoto", "engineer"),
    Person("ada", "Ada", "Lindqvist", "engineer"),
    Person("sam", "Sam", "Okafor", "supervisor"),
    Person("dee", "Dee", "Amsel", "head"),
    Person("pat", "Pat", "Moreau", "planner"),
    Person("oli", "Oli", "Varga", "operator"),
)
ENGINEERS = ("ada", "eizumoto")
