"""What draws a tab: Textual's driver for browsers, which also knows its conversation and when nobody is there."""

from __future__ import annotations

from textual import events, messages
from textual.drivers.web_driver import WebDriver

from tui.controllers.reading import BrowserCopied


class TabDriver(WebDriver):
    """Draws through the server to the page of one tab."""

    def start_application_mode(self) -> None:
        """Begin with the keyboard in the application: the page puts it there as soon as it is open."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())

    def run_input_thread(self) -> None:
        """Hand on what the page sends, and end the application when the server is gone."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.send_message(messages.ExitApp())

    def remember(self, conversation: str) -> None:
        """Let the tab remember which conversation it shows, "" for none that is saved, so that a reload shows it."""
        self.write_meta({"type": "conversation", "id": conversation})

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Hand on what the page says of itself, also whether it has copied what it was given."""
        if packet_type == "copied":
            self._app.post_message(BrowserCopied(payload["done"] is True))
        else:
            super().on_meta(packet_type, payload)
