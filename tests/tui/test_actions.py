"""The names of actions that a configuration may bind keys to."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import tui.screens
import tui.widgets
from tui.actions import ACTIONS, WITHIN, check_keys
from vectorstore.errors import ConfigError


def kinds(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


def test_every_named_binding_of_a_widget_may_be_bound_to_another_key() -> None:
    for package in (tui.screens, tui.widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    ours = [kind for kind in kinds(DOMNode) if kind.__module__.startswith("tui.")]
    bindings = [one for kind in ours for one in kind.__dict__.get("BINDINGS", ()) if isinstance(one, Binding)]
    assert {one.id for one in bindings if one.id} - {action.name for action in ACTIONS} == set(WITHIN)


def test_an_action_that_there_is_not_is_refused() -> None:
    check_keys(["ask.focus", "prompt.send"])
    with pytest.raises(ConfigError, match=r"there is no action ask\.focuss") as caught:
        check_keys(["ask.focuss"])
    assert caught.value.hint == "Did you mean ask.focus?"
