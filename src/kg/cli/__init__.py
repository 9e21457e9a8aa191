"""The ``kg`` command. The contract of each command is docs/reference/commands.md."""

from kg.cli.commands import main

__all__ = ["main"]
