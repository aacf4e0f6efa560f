"""What is the same in all checkpoints of a training is spelled once, whoever else writes checkpoints."""

from types import SimpleNamespace

import msgspec

from soloneuron.storage.checkpoints import IDENTITY, IdentityJson


def identity(word):
    """What a checkpoint is of, in values that nobody else has."""
    return SimpleNamespace(recipe={"loss": word}, versions={"torch": word}, digests={}, seeds=(len(word),))


def spelled(said):
    return {name: msgspec.json.decode(said[name]) for name in said}


def plain(kept):
    return {name: msgspec.json.decode(msgspec.json.encode(getattr(kept, name))) for name in IDENTITY}


class Interrupted(IdentityJson):
    """Behind every look at a field and every change of one, other threads spell checkpoints in between."""

    others = ()

    def _interrupt(self, name):
        others, self.__dict__["others"] = self.others, ()
        if name.startswith("_"):
            for kept in others:
                assert spelled(self.of(kept)) == plain(kept)
        self.__dict__["others"] = others

    def __getattribute__(self, name):
        found = super().__getattribute__(name)
        if not name.startswith("__") and name not in {"others", "_interrupt"}:
            self._interrupt(name)
        return found

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        self._interrupt(name)


def test_an_identity_is_spelled_once():
    store, kept = IdentityJson(), identity("nll")
    assert store.of(kept) is store.of(kept)
    assert spelled(store.of(kept)) == plain(kept)
    assert spelled(store.of(identity("focal"))) == plain(identity("focal"))


def test_a_checkpoint_says_its_own_identity_whoever_writes_another_meanwhile():
    mine, theirs = identity("nll"), identity("focal")
    for others in ([mine], [theirs], [theirs, mine], [mine, theirs]):
        store = Interrupted()
        store.__dict__["others"] = others
        for kept in (mine, mine, theirs, mine):
            assert spelled(store.of(kept)) == plain(kept)
