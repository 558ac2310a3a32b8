"""Keeps an engine busy: prompts go in while there is room, completions come out as they finish.

The engine's event loop runs in a thread of its own, so it goes on computing while the caller
checks rows. There are no batches: whoever takes a completion may put a prompt in its place at
once, and a retry is a prompt like any other.

    with Feed(engine) as feed:
        while prompts or feed.in_flight:
            while prompts and feed.room:
                feed.submit(prompts.popleft())
            handle(feed.take())
"""

import asyncio
import queue
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from kgsynth.engines.base import Completion, Engine, Prompt
from kgsynth.errors import EngineError, KgsynthError

#: Seconds that an engine has to stop.
STOP_S = 30.0


class Feed:
    """A bounded stream through one engine. Not for use from several threads.

    The engine starts with the first prompt: a run that finds all its completions recorded loads
    no model.

    Args:
        engine: An engine that was not started yet.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._done: queue.SimpleQueue[Future[Completion]] = queue.SimpleQueue()
        self._running: set[Future[Completion]] = set()
        self._started = False

    @property
    def in_flight(self) -> int:
        """Prompts that were submitted and not yet taken."""
        return len(self._running)

    @property
    def room(self) -> int:
        """How many prompts more keep the engine busy without piling up."""
        return max(0, self._engine.capacity - self.in_flight)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def submit(self, prompt: Prompt) -> None:
        """Send a prompt to the engine; returns at once, except that the first one starts it.

        Raises:
            EngineError: If the engine does not start.
            MissingExtraError: If its package is not installed.
        """
        if not self._started:
            self._started = True
            self._thread.start()
            self._call(self._engine.start())
        future = asyncio.run_coroutine_threadsafe(self._engine.complete(prompt), self._loop)
        self._running.add(future)
        future.add_done_callback(self._done.put)

    def take(self, timeout_s: float | None = None) -> Completion:
        """Return the next finished completion, waiting for it.

        Args:
            timeout_s: How long to wait; None for as long as it takes.

        Raises:
            EngineError: If the engine stopped, or nothing is in flight.
            TimeoutError: If nothing finished in time.
        """
        if not self._running:
            raise EngineError("nothing is in flight; submit a prompt before taking a completion")
        try:
            future = self._done.get(timeout=timeout_s)
        except queue.Empty as error:
            raise TimeoutError(f"no completion within {timeout_s} s") from error
        self._running.discard(future)
        return _result(future)

    def drain(self, timeout_s: float) -> Iterator[Completion]:
        """Yield what still finishes within some seconds, then give up on the rest.

        For an interrupted run: what the engine has already computed is worth writing down.
        """
        end = time.monotonic() + timeout_s
        while self._running and (left := end - time.monotonic()) > 0:
            try:
                yield self.take(left)
            except TimeoutError:
                return
            except EngineError:
                # This one is gone; another may have finished before the engine stopped.
                continue

    def _call(self, work: Coroutine[Any, Any, None], timeout_s: float | None = None) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)

    def _close(self) -> None:
        if not self._started:
            self._loop.close()
            return
        for future in self._running:
            future.cancel()
        self._running.clear()
        try:
            # An engine that is still loading cannot listen; the thread ends with the program.
            with suppress(TimeoutError):
                self._call(self._end(), STOP_S)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=1)
            if not self._thread.is_alive():
                self._loop.close()

    async def _end(self) -> None:
        """Stop the engine, then whatever it left running in the loop."""
        await self._engine.stop()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _result(future: Future[Completion]) -> Completion:
    try:
        return future.result()
    except KgsynthError:
        raise
    except Exception as error:
        # Whatever an engine lets through is its end, never a traceback for the user.
        raise EngineError(f"the engine stopped: {type(error).__name__}: {error}") from error
