"""python -m bench.live_lab.naive PORT SIZE EVERY: what one would write first. A thread for each screen, which sends
whatever is put in its queue, and waits as long as the reader lets it wait. Its events look like ours.
"""

import queue
import socket
import sys
import threading
import time

from bench.live_lab.loop import HERE

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


class Naive:
    def __init__(self, port: int, size: int, every: float) -> None:
        self.door = socket.create_server((HERE, port), backlog=4096)
        self.filling, self.every = "x" * size, every
        self.queues: list[queue.SimpleQueue[bytes]] = []

    def run(self) -> None:
        threading.Thread(target=self._let_in, daemon=True).start()
        print("ready", flush=True)
        number, due = 0, time.monotonic()
        while True:
            time.sleep(max(0.0, due - time.monotonic()))
            due, number = due + self.every, number + 1
            event = (
                f"event: paint\ndata: board\ndata: change {number}.{time.monotonic_ns()} {self.filling}\n\n".encode()
            )
            for one in list(self.queues):
                one.put(event)

    def _let_in(self) -> None:
        while True:
            line, _address = self.door.accept()
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        mine: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        line.recv(4096)
        line.sendall(HEAD)
        self.queues.append(mine)
        try:
            while True:
                line.sendall(mine.get())
        except OSError:
            self.queues.remove(mine)


if __name__ == "__main__":
    Naive(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])).run()
