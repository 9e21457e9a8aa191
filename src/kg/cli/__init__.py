"""The ``kg`` command. The contract of each command is docs/reference/commands.md."""

from kg.cli import commands, template, tools, validate, what_if
from kg.cli.base import main

__all__ = ["commands", "main", "template", "tools", "validate", "what_if"]
