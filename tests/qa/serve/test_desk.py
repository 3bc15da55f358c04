"""Few threads for many clients: who comes too late is told so, who leaves is not worked for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from qa.serve.desk import Desk
from vectorstore.errors import ServerBusy, ServerStopping, UsageError


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk(workers=1, waiting=1)
    yield desk
    desk.close()


async def test_it_returns_what_the_work_returns_and_raises_what_it_raises(desk: Desk) -> None:
    assert await desk.run(lambda: 3) == 3
    with pytest.raises(UsageError):
        await desk.run(failing)
    assert [item async for item in desk.follow(lambda: (letter for letter in "ab"))] == ["a", "b"]
    with pytest.raises(UsageError):
        _ = [item async for item in desk.follow(failing)]


async def test_beyond_those_who_wait_it_is_busy(desk: Desk) -> None:
    let = threading.Event()
    running, waiting = (asyncio.ensure_future(desk.run(let.wait)) for _ in range(2))
    await asyncio.sleep(0)
    assert desk.taken == 2
    with pytest.raises(ServerBusy) as busy:
        await desk.run(lambda: None)
    assert busy.value.after > 0
    let.set()
    assert await running
    assert await waiting
    assert await desk.run(lambda: 1) == 1


async def test_closing_ends_the_work_at_its_next_step(desk: Desk) -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    events = desk.follow(endless)
    assert await anext(events) == 1
    await events.aclose()
    assert await asyncio.to_thread(closed.wait, 5)
    assert await desk.run(lambda: 2) == 2  # its thread is free again


async def test_who_leaves_while_waiting_is_never_worked_for(desk: Desk) -> None:
    let, begun = threading.Event(), threading.Event()
    running = asyncio.ensure_future(desk.run(let.wait))
    waiting = asyncio.ensure_future(desk.run(begun.set))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    let.set()
    assert await running
    assert not begun.is_set()
    assert desk.taken == 0


async def test_a_desk_that_stops_ends_what_runs_and_begins_nothing(desk: Desk) -> None:
    def endless() -> Iterator[int]:
        while True:
            yield 1

    events = desk.follow(endless)
    await anext(events)
    desk.stop()
    with pytest.raises(ServerStopping):
        _ = [item async for item in events]
    with pytest.raises(ServerStopping):
        await desk.run(lambda: None)


def failing() -> Iterator[int]:
    raise UsageError("No.")
