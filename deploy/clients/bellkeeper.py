"""Bellkeeper for Python scripts: take runs of a queue, keep them, say how they went.

One file, standard library only, Python 3.9 or newer. Copy it beside your script.

    from bellkeeper import Client

    client = Client("http://127.0.0.1:3000", key, "real")

    def crawl(run):
        run.log(f"crawling {run.params['site']}")
        for page in range(10):
            run.check()                      # raises Cancelled when somebody asked to stop
            run.progress(page, 10)
        return {"next_delay_sec": 600}       # queue mode: the next run in ten minutes

    client.consume("real.jobs.news-crawler", crawl)

A run is yours while heartbeats arrive (a thread of the file sends them); after 60 silent seconds it is given to
another. Every write names the attempt's token: one that comes too late is refused (AttemptOver), never applied to
somebody else's attempt. A run may therefore be executed more than once, as after any crash: make its effects bear that.
"""

from __future__ import annotations

import collections
import dataclasses
import http.client
import json
import logging
import os
import random
import signal
import socket
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timezone
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple, Union

__all__ = [
    "ApiError",
    "AttemptOver",
    "Cancelled",
    "Client",
    "JobMessage",
    "Permanent",
    "Run",
    "mark_job_run",
    "parse_job_message",
    "reschedule_job",
]

log = logging.getLogger("bellkeeper")

# The API counts UTF-16 units; half of its limits holds for any text.
_LONGEST_LINE = 8_000
_LONGEST_ERROR = 5_000
_LINES_AT_ONCE = 100
_MOST_LINES_KEPT = 50_000
_RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})


class ApiError(Exception):
    """A refusal. `code` is stable (`attempt_over`, `forbidden`, ...); `detail` is for people."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class AttemptOver(ApiError):
    """The run was ended or given to another: what this process does for it no longer counts. Stop."""


class Cancelled(Exception):
    """Somebody asked the run to stop, or it is no longer ours."""


class Permanent(Exception):
    """Raise it from a handler when no retry would help: a person must look."""


@dataclasses.dataclass(frozen=True)
class JobMessage:
    """What a run is about. Times are RFC 3339 in UTC, `trading_day` is a date of the job's time zone."""

    job_id: str
    scope: str = ""
    run_id: Optional[str] = None
    attempt: int = 1
    attempt_token: Optional[str] = None
    trigger_source: str = "manual"
    params: Dict[str, Any] = dataclasses.field(default_factory=dict)
    next_delay_sec: Optional[float] = None
    auto_reschedule: bool = False
    timeout_sec: Optional[int] = None
    retry_limit: Optional[int] = None
    telemetry_label: Optional[str] = None
    queued_at: Optional[str] = None
    scheduled_for: Optional[str] = None
    trading_day: Optional[str] = None
    lease_sec: int = 60


def parse_job_message(body: Union[str, bytes, bytearray, Dict[str, Any]]) -> JobMessage:
    """Reads a message from JSON text or a dict. Unknown fields are passed over. Raises ValueError for anything else."""
    value = json.loads(body) if isinstance(body, (str, bytes, bytearray)) else body
    if not isinstance(value, dict) or not isinstance(value.get("job_id"), str) or value["job_id"] == "":
        raise ValueError("not a job message: it needs a job_id")
    if not isinstance(value.get("params", {}) or {}, dict):
        raise ValueError("not a job message: params must be an object")
    known = {field.name for field in dataclasses.fields(JobMessage)}
    fields = {name: given for name, given in value.items() if name in known and given is not None}
    return JobMessage(**fields)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key goes to the address it was given for and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def _problem(status: int, body: bytes) -> ApiError:
    try:
        problem = json.loads(body)
        code, detail = str(problem["code"]), str(problem.get("detail", ""))
    except (ValueError, KeyError, TypeError):
        code, detail = "http_error", body[:200].decode("utf-8", "replace")
    return (AttemptOver if code == "attempt_over" else ApiError)(status, code, detail)


class Client:
    """Calls one scope of one Bellkeeper. Safe to share between threads.

    `consumer` is who the console shows as running a run; host and pid unless given. A request that finds no server is
    repeated with growing pauses for up to `patience_sec` seconds; repeated requests take effect once.
    """

    def __init__(
        self,
        url: str,
        key: str,
        scope: str,
        *,
        consumer: Optional[str] = None,
        timeout_sec: float = 10.0,
        patience_sec: float = 60.0,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("url: an http or https address")
        self.scope = scope
        self.consumer = consumer or f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = threading.Event()
        self._base = f"{url.rstrip('/')}/api/v1/{urllib.parse.quote(scope, safe='')}"
        self._key = key
        self._timeout_sec = timeout_sec
        self._patience_sec = patience_sec
        self._opener = urllib.request.build_opener(_NoRedirect)

    @classmethod
    def from_env(cls) -> "Client":
        """A client of BELLKEEPER_URL, BELLKEEPER_KEY and BELLKEEPER_SCOPE (default `real`)."""
        return cls(
            os.environ.get("BELLKEEPER_URL", "http://127.0.0.1:3000"),
            os.environ["BELLKEEPER_KEY"],
            os.environ.get("BELLKEEPER_SCOPE", "real"),
        )

    def claim(self, queue: str, wait_sec: int = 0) -> Optional["Run"]:
        """Takes a run of the queue, waiting up to `wait_sec` (at most 30) seconds; None when there was none."""
        body = {"wait_sec": max(0, min(30, int(wait_sec))), "consumer": self.consumer[:100]}
        path = f"/queues/{urllib.parse.quote(queue, safe='')}/claim"
        message = self._post(path, body, once=True, extra_sec=body["wait_sec"], stoppable=True)
        return None if message is None else Run(self, parse_job_message(message))

    def consume(
        self,
        queue: str,
        handler: Callable[["Run"], Any],
        *,
        wait_sec: int = 5,
        most: Optional[int] = None,
    ) -> int:
        """Takes runs and hands each to `handler`, one after another, until SIGTERM, SIGINT or `stopping.set()`.

        A handler that returns has succeeded (`{"next_delay_sec": n}` is passed on); one that raises has failed. The run
        in hand is finished before the loop ends; a second signal ends the process at once, and the run goes to another.
        Returns how many runs were taken; `most` ends the loop after so many. Raises ApiError when the server refuses.
        """
        restore = self._catch_signals()
        taken = 0
        pause = 0.2
        try:
            while not self.stopping.is_set() and (most is None or taken < most):
                try:
                    run = self.claim(queue, wait_sec)
                    pause = 0.2
                except (ApiError, OSError, http.client.HTTPException) as error:
                    if isinstance(error, ApiError) and error.status not in _RETRIED_STATUS:
                        raise
                    log.warning("%s: no server (%s); trying again", queue, error)
                    self.stopping.wait(pause)
                    pause = min(30.0, pause * 2)
                    continue
                if run is None:
                    if wait_sec <= 0:
                        self.stopping.wait(1.0)
                    continue
                taken += 1
                self._handle(run, handler)
        finally:
            restore()
        return taken

    def _handle(self, run: "Run", handler: Callable[["Run"], Any]) -> None:
        try:
            with run:
                answer = handler(run)
                if not run.ended:
                    delay = answer.get("next_delay_sec") if isinstance(answer, dict) else None
                    run.complete(next_delay_sec=delay)
        except (AttemptOver, Cancelled) as error:
            log.warning("run %s of %s: %s", run.run_id, run.job_id, error)
        except Exception:  # noqa: BLE001 - the loop outlives any handler; the run holds the traceback
            log.exception("run %s of %s failed", run.run_id, run.job_id)

    def _catch_signals(self) -> Callable[[], None]:
        if threading.current_thread() is not threading.main_thread():
            return lambda: None
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

        def stop(_number: int, _frame: Any) -> None:
            self.stopping.set()
            restore()

        for number in before:
            signal.signal(number, stop)
        return restore

    def last_run(
        self,
        job_id: str,
        status: str = "succeeded",
        *,
        run_id: Optional[str] = None,
        error: Optional[str] = None,
        next_delay_sec: Optional[float] = None,
    ) -> Dict[str, Any]:
        """Says how a job's run went: of the run named, else of its one open run, else as its last result."""
        body: Dict[str, Any] = {"status": _status(status)}
        if run_id is not None:
            body["run_id"] = run_id
        if error is not None:
            body["error"] = _storable(error)[-_LONGEST_ERROR:]
        if next_delay_sec is not None:
            body["next_delay_sec"] = _delay(next_delay_sec)
        answer = self._post(f"/jobs/{urllib.parse.quote(job_id, safe='')}/last-run", body, once=True)
        return {} if answer is None else answer

    def _post(
        self,
        path: str,
        body: Dict[str, Any],
        *,
        once: bool = False,
        extra_sec: float = 0.0,
        patience_sec: Optional[float] = None,
        request_key: Optional[str] = None,
        stoppable: bool = False,
    ) -> Optional[Dict[str, Any]]:
        """Posts until there is an answer. `once`: repeated requests carry one key, so that they take effect once."""
        key = request_key or (str(uuid.uuid4()) if once else None)
        until = time.monotonic() + (self._patience_sec if patience_sec is None else patience_sec) + extra_sec
        pause = 0.2
        while True:
            try:
                return self._send(path, body, key, self._timeout_sec + extra_sec)
            except ApiError as error:
                again = error.status in _RETRIED_STATUS or error.code == "idempotency_race"
                if not again or time.monotonic() + pause > until or (stoppable and self.stopping.is_set()):
                    raise
            except (OSError, http.client.HTTPException):
                if time.monotonic() + pause > until or (stoppable and self.stopping.is_set()):
                    raise
            if stoppable:
                self.stopping.wait(pause * random.uniform(0.5, 1.0))
            else:
                time.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(5.0, pause * 2)

    def _send(
        self, path: str, body: Dict[str, Any], key: Optional[str], timeout_sec: float
    ) -> Optional[Dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        data = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8")
        request = urllib.request.Request(self._base + path, data=data, headers=headers, method="POST")
        try:
            with self._opener.open(request, timeout=timeout_sec) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            with error:
                raise _problem(error.code, error.read()) from None
        return json.loads(text) if text else None


class Run:
    """A run that this process holds. As a context manager it sends heartbeats and ends the run:
    as succeeded when the block ends, as failed with the traceback when it raises."""

    def __init__(self, client: Client, message: JobMessage) -> None:
        if message.run_id is None or message.attempt_token is None:
            raise ValueError("the message has no run_id or attempt_token: it was not claimed")
        self.message = message
        self.run_id: str = message.run_id
        self.job_id = message.job_id
        self.params = message.params
        #: The run has ended, by us or behind our back.
        self.ended = False
        self._client = client
        self._token = message.attempt_token
        self._path = f"/runs/{self.run_id}"
        self._stop = threading.Event()
        self._done = threading.Event()
        self._ending = False
        self._thread: Optional[threading.Thread] = None
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._lines: Deque[Dict[str, Any]] = collections.deque()
        self._dropped = 0
        self._batch: Optional[Tuple[str, List[Dict[str, Any]]]] = None
        self._progress: Optional[Dict[str, Any]] = None
        self._heard_at = time.monotonic()

    def __enter__(self) -> "Run":
        self._thread = threading.Thread(target=self._keep, name=f"bellkeeper-{self.run_id}", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: Any, error: Optional[BaseException], _trace: Any) -> None:
        try:
            if self.ended:
                return
            if error is None:
                self.complete()
            elif not isinstance(error, AttemptOver):
                text = "".join(traceback.format_exception(kind, error, error.__traceback__))
                try:
                    self._fail(_summary(error), text, retryable=not isinstance(error, Permanent))
                except (ApiError, OSError, http.client.HTTPException) as refused:
                    log.warning("run %s: its failure could not be told: %s", self.run_id, refused)
        finally:
            self._done.set()
            if self._thread is not None:
                self._thread.join(timeout=self._client._timeout_sec + 1.0)

    @property
    def cancelled(self) -> bool:
        """Whether the run is to stop: somebody asked for it, or it is no longer ours."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raises Cancelled when the run is to stop."""
        if self._stop.is_set():
            raise Cancelled("stopped as asked")

    def wait(self, seconds: float) -> None:
        """Sleeps, and raises Cancelled as soon as the run is to stop."""
        self._stop.wait(seconds)
        self.check()

    def log(self, text: str, stream: str = "stdout") -> None:
        """Writes lines to the run's log (stream stdout, stderr or system). Sent within a second, in order."""
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        with self._lock:
            for line in _storable(str(text)).splitlines() or [""]:
                for start in range(0, max(1, len(line)), _LONGEST_LINE):
                    part = line[start : start + _LONGEST_LINE]
                    self._lines.append({"line": part, "stream": stream, "at": at})
            while len(self._lines) > _MOST_LINES_KEPT:
                self._lines.popleft()
                self._dropped += 1

    def progress(self, done: float, total: Optional[float] = None, text: Optional[str] = None) -> None:
        """Says how far the run is; shown within a second."""
        short = None if text is None else _storable(text)[:100]
        with self._lock:
            self._progress = {"done": done, "total": total, "text": short}

    def heartbeat(self) -> bool:
        """Keeps the run; called by the block's thread. Returns whether it is to stop. Raises AttemptOver."""
        with self._lock:
            progress, self._progress = self._progress, None
        body: Dict[str, Any] = {"attempt_token": self._token}
        if progress is not None:
            body["progress"] = progress
        sent_at = time.monotonic()
        try:
            answer = self._guarded("/heartbeat", body, patience_sec=0.0)
        except (OSError, http.client.HTTPException):
            with self._lock:
                self._progress = self._progress or progress
            raise
        self._heard_at = sent_at
        if answer is not None and answer.get("cancel_requested"):
            self._stop.set()
        return self._stop.is_set()

    def complete(self, *, next_delay_sec: Optional[float] = None) -> Dict[str, Any]:
        """Ends the run as succeeded. `next_delay_sec`: in queue mode, seconds until the next run."""
        body: Dict[str, Any] = {"attempt_token": self._token}
        if next_delay_sec is not None:
            body["next_delay_sec"] = _delay(next_delay_sec)
        return self._end("/complete", body)

    def fail(
        self, error: str, *, retryable: bool = True, next_delay_sec: Optional[float] = None
    ) -> Dict[str, Any]:
        """Ends the run as failed; what follows is the job's retry policy. Not retryable: a person must look."""
        body: Dict[str, Any] = {
            "attempt_token": self._token,
            "error": _storable(str(error))[:_LONGEST_ERROR],
            "retryable": retryable,
        }
        if next_delay_sec is not None:
            body["next_delay_sec"] = _delay(next_delay_sec)
        return self._end("/fail", body)

    def _fail(self, summary: str, trace: str, *, retryable: bool) -> None:
        """The first line is what the console shows as the reason; the traceback's end stands below it."""
        self.fail(f"{summary}\n{trace[-(_LONGEST_ERROR - len(summary) - 1):]}", retryable=retryable)

    def _end(self, path: str, body: Dict[str, Any]) -> Dict[str, Any]:
        try:
            self._flush(patience_sec=5.0)
        except (OSError, http.client.HTTPException, ApiError) as error:
            if isinstance(error, AttemptOver):
                raise
            log.warning("run %s: lines of its log were lost: %s", self.run_id, error)
        self._ending = True
        answer = self._guarded(path, body)
        self.ended = True
        self._done.set()
        return {} if answer is None else answer

    def _guarded(
        self, path: str, body: Dict[str, Any], **options: Any
    ) -> Optional[Dict[str, Any]]:
        try:
            return self._client._post(self._path + path, body, **options)
        except AttemptOver:
            self.ended = True
            self._stop.set()
            self._done.set()
            raise

    def _flush(self, patience_sec: float) -> None:
        with self._flushing:
            while True:
                batch = self._next_batch()
                if batch is None:
                    return
                key, lines = batch
                self._guarded(
                    "/logs",
                    {"attempt_token": self._token, "lines": lines},
                    patience_sec=patience_sec,
                    request_key=key,
                )
                self._batch = None

    def _next_batch(self) -> Optional[Tuple[str, List[Dict[str, Any]]]]:
        """A batch keeps its key until it is through, so that its lines are written once."""
        with self._lock:
            if self._batch is None and self._lines:
                lines = [self._lines.popleft() for _ in range(min(_LINES_AT_ONCE, len(self._lines)))]
                if self._dropped > 0:
                    lines.insert(0, {"line": f"({self._dropped} lines were lost)", "stream": "system"})
                    self._dropped = 0
                self._batch = (str(uuid.uuid4()), lines)
            return self._batch

    def _keep(self) -> None:
        """The block's thread: heartbeats at a third of the lease, lines and progress each second."""
        lease = float(self.message.lease_sec)
        next_beat = time.monotonic() + lease / 3
        while not self._done.wait(1.0):
            try:
                if self._progress is not None or time.monotonic() >= next_beat:
                    self.heartbeat()
                    next_beat = time.monotonic() + lease / 3
                self._flush(patience_sec=0.0)
            except AttemptOver as error:
                if not self._ending:
                    log.warning("run %s of %s is no longer ours: %s", self.run_id, self.job_id, error)
                return
            except (ApiError, OSError, http.client.HTTPException) as error:
                log.warning("run %s: %s; trying again", self.run_id, error)
                if time.monotonic() - self._heard_at > lease:
                    # Nobody heard of us for a whole lease: another may have the run by now.
                    self._stop.set()


def _summary(error: BaseException) -> str:
    text = _storable(str(error)).split("\n", 1)[0][:500]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _status(status: str) -> str:
    word = status.lower()
    if word in ("succeeded", "success", "ok", "done"):
        return "succeeded"
    if word in ("failed", "failure", "error"):
        return "failed"
    raise ValueError(f'status: "succeeded" or "failed", not "{status}"')


def _delay(seconds: float) -> int:
    return max(0, int(round(seconds)))


def mark_job_run(
    job_id: str,
    status: str = "succeeded",
    error: Optional[str] = None,
    *,
    run_id: Optional[str] = None,
    next_delay_sec: Optional[float] = None,
    client: Optional[Client] = None,
) -> Optional[Dict[str, Any]]:
    """Says how a job's run went, for scripts that were started by something else. See Client.last_run.

    A script that a worker of Bellkeeper runs itself ends by its exit code: then nothing is marked and None returned.
    """
    try:
        return (client or Client.from_env()).last_run(
            job_id, status, run_id=run_id, error=error, next_delay_sec=next_delay_sec
        )
    except ApiError as refused:
        if refused.code != "run_not_external":
            raise
        log.warning("%s: a worker runs it; its exit code decides", job_id)
        return None


def reschedule_job(
    message: Union[JobMessage, str, bytes, Dict[str, Any]],
    next_delay_sec: Optional[float] = None,
    *,
    client: Optional[Client] = None,
) -> Dict[str, Any]:
    """Ends a message's run as succeeded and, for a job in queue mode, sets when the next one is due:
    `next_delay_sec` seconds from now, else the message's own."""
    read = message if isinstance(message, JobMessage) else parse_job_message(message)
    caller = client or Client.from_env()
    delay = read.next_delay_sec if next_delay_sec is None else next_delay_sec
    if not read.auto_reschedule:
        delay = None
    if read.run_id is not None and read.attempt_token is not None:
        return Run(caller, read).complete(next_delay_sec=delay)
    return caller.last_run(read.job_id, run_id=read.run_id, next_delay_sec=delay)
