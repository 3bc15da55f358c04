"""How well what is on screen can be read: the contrast of each letter with what it stands on, as WCAG 2 counts it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.color import Color
from textual.widget import Widget

from tests.tui.harness import Ui

LEGIBLE = 4.5  # level AA for text


def pale(ui: Ui, widget: Widget | None = None) -> dict[str, float]:
    """Return each piece of text whose contrast is too low, with its contrast; of one widget, or of the screen."""
    return {text: round(value, 2) for text, value in _contrasts(ui, widget) if value < LEGIBLE}


def _contrasts(ui: Ui, widget: Widget | None) -> Iterator[tuple[str, float]]:
    where = (widget or ui.app.screen).region
    for y, strip in enumerate(ui.app.screen._compositor.render_strips()):
        if not where.y <= y < where.bottom:
            continue
        for segment in strip.crop(where.x, where.right):
            style = segment.style
            if not any(map(str.isalnum, segment.text)) or style is None or not (style.color and style.bgcolor):
                continue
            yield segment.text, contrast(style.color, style.bgcolor)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color.get_truecolor())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
