"""A line to the object server on which things go wrong: slow, refusing, breaking off in a PUT."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

Fault = Callable[["Call"], None]


class Call:
    """One connection; what is said on it goes through a fault, piece by piece."""

    def __init__(self, ours: socket.socket, theirs: socket.socket, line: "BadLine") -> None:
        self._ours, self._theirs, self._line = ours, theirs, line
        self._answers_lost = False

    def begin(self) -> None:
        for hand_over in (self._ask, self._answer):
            threading.Thread(target=hand_over, daemon=True).start()

    def hang_up(self) -> None:
        for each in (self._ours, self._theirs):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _ask(self) -> None:
        with suppress(OSError):
            while piece := self._ours.recv(65536):
                head = piece.partition(b"\r\n")[0]
                fault = self._line.fault_of(head) if head.startswith(b"PUT") else None
                if fault == "cut":  # the store gets the head and half of what follows
                    self._theirs.sendall(piece[: max(len(piece) // 2, piece.find(b"\r\n\r\n") + 5)])
                    break
                self._answers_lost = self._answers_lost or fault == "lose the answer"
                self._theirs.sendall(piece)
        self.hang_up()

    def _answer(self) -> None:
        with suppress(OSError):
            while piece := self._theirs.recv(65536):
                if self._answers_lost and b"100 Continue" not in piece:
                    break
                time.sleep(self._line.seconds)
                self._ours.sendall(piece)
        self.hang_up()


class BadLine:
    """Between a client and the real server. Without a fault it only hands bytes to and fro."""

    def __init__(self, endpoint: str) -> None:
        host, _, port = endpoint.removeprefix("http://").partition(":")
        self._server = (host, int(port))
        self._door = socket.create_server(("127.0.0.1", 0))
        self._guard = threading.Lock()
        self.endpoint = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.seconds, self.is_refusing = 0.0, False
        self._fault, self._word, self._first, self._times = "", b"", 0, 0
        self.seen: list[bytes] = []

    def fail(self, fault: str, word: str = "", *, first: int = 1, times: int = 1) -> None:
        """From the `first` PUT on whose address has the word, so often."""
        self._fault, self._word = fault, word.encode()
        self._first, self._times, self.seen = first, times, []

    def fault_of(self, head: bytes) -> str | None:
        with self._guard:
            if self._word not in head:
                return None
            self.seen.append(head)
            is_hit = self._first <= len(self.seen) < self._first + self._times
            return self._fault if is_hit else None

    def __enter__(self) -> "BadLine":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                ours = self._door.accept()[0]
                if self.is_refusing:
                    ours.close()
                else:
                    Call(ours, socket.create_connection(self._server), self).begin()
