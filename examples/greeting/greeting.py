"""Greets people by name."""


def greet(name: str) -> str:
    return "Hello, " + name + "!"
