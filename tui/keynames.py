"""How keys are called: as they stand on a keyboard."""

from __future__ import annotations

KEYS = {
    "ctrl": "Ctrl", "shift": "Shift", "alt": "Alt",
    "enter": "Enter", "escape": "Esc", "delete": "Del", "space": "Space",
    "slash": "/", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn",
}  # fmt: skip


def key_name(keys: str) -> str:
    """Return keys as they stand on a keyboard: "ctrl+p" → "Ctrl+P", "upper_y" → "Y"."""
    return ", ".join(_key(key) for key in keys.split(",") if key)


def _key(key: str) -> str:
    *held, last = key.strip().split("+")
    return "+".join([*map(_part, held), _part(last).upper() if held and len(last) == 1 else _part(last)])


def _part(part: str) -> str:
    part = part.strip()
    if part.startswith("upper_"):
        return part[-1].upper()
    is_function_key = part[0] == "f" and part[1:].isdigit()
    return KEYS.get(part) or (part.upper() if is_function_key else part)
