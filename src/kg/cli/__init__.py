"""The ``kg`` command. The contract of each command is docs/reference/commands.md."""

from kg.cli import commands, tools, what_if
from kg.cli.base import main

__all__ = ["commands", "main", "tools", "what_if"]
