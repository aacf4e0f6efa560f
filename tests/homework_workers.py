"""Workers that stand in this process: a check of homework that costs no process."""

from pathlib import Path

from soloneuron.checking.isolation.worker import Homework
from soloneuron.checking.workers import HomeworkWorkers, Worker

HOMEWORK = Path(__file__).parent / "homework"


class WorkerHere(Worker):
    """Answers at once; ``faults`` says what happens in place of the next answers, ``sent`` what was asked."""

    def __init__(self, faults, sent):
        self.homework, self.faults, self.sent, self.waiting = (
            Homework(),
            faults,
            sent,
            [{"guards": ["files"]}],
        )

    def send(self, message):
        self.sent.append(message)
        fault = self.faults.pop(0) if self.faults else None
        token = message["token"]
        if fault in (None, "stale"):
            self.waiting += [{"token": "old", "answer": {}}] * (fault == "stale")
            self.waiting.append({"token": token, "answer": self.homework.answer(message)})
        else:
            self.waiting.append(fault)

    def receive(self, _):
        said = self.waiting.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    def kill(self):
        self.sent.append("killed")


class WorkersHere(HomeworkWorkers):
    """Each worker is ``WorkerHere``."""

    def __init__(self, *faults):
        self.faults, self.sent, self.begun = list(faults), [], 0

    def start(self, *_):
        self.begun += 1
        return WorkerHere(self.faults, self.sent)

    def close(self):
        pass
