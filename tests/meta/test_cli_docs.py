"""docs/cli.md has a heading for each command and names each of its options."""

import argparse

from powerup.cli import build_parser
from tests.meta.files import text


def _commands() -> dict[str, argparse.ArgumentParser]:
    groups = (action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction))
    return {name: parser for group in groups for name, parser in group.choices.items()}


def test_each_command_has_its_heading() -> None:
    commands = _commands()
    assert commands
    headings = {line for line in text("docs/cli.md").splitlines() if line.startswith("#")}
    assert {name for name in commands if not any(f"`closeloop {name}`" in heading for heading in headings)} == set()


def test_each_option_is_named() -> None:
    page = text("docs/cli.md")
    options = [option for parser in _commands().values() for option in parser._option_string_actions if option.startswith("--")]
    assert {option for option in options if option != "--help" and option not in page} == set()


def test_each_command_says_what_it_does() -> None:
    groups = (action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction))
    said = {action.dest: action.help for group in groups for action in group._choices_actions}
    assert {name for name in _commands() if not said.get(name)} == set()
