"""Laws of verdicts, on courses whose truth is known: when somebody is called faster, and when nobody."""

import math
from dataclasses import replace

import pytest
import torch

from soloneuron.training.cost_table import RATES
from soloneuron.training.protocol.candidates import rate_grid
from soloneuron.training.protocol.judging import judged_methods
from soloneuron.training.protocol.pairs import holm, pairs_needed, sign_flips
from soloneuron.training.protocol.verdicts import judged_pairs, leader, verdict_of
from verdict_courses import BUDGET, answers, verdict


def share_of_winners(draws, factors, wanted=None, **options):
    winners = [verdict(factors, draw, **options).winner for draw in range(draws)]
    return sum(name is not None if wanted is None else name == wanted for name in winners) / draws


DRAWS = [(60, 15), pytest.param(1000, 500, marks=pytest.mark.slow)]
"""Of two methods, and of those that cost more to draw."""


@pytest.mark.parametrize(("draws", "fewer"), DRAWS)
def test_where_nobody_is_faster_somebody_is_called_so_in_one_of_twenty_at_most(draws, fewer):
    assert share_of_winners(draws, (1, 1)) <= 0.05
    # With such noise no ratio is too small to count, and the test has all of its level: 48 of 1,000.
    assert share_of_winners(draws, (1, 1), scatter=1.0) <= 0.05
    assert share_of_winners(fewer, (1, 1, 1), scatter=1.0) <= 0.05
    # A steep rate and little noise: what one tuning misses is no difference of methods.
    assert share_of_winners(fewer, (1, 1), scatter=0.05, steepness=2.0) <= 0.05
    # Two equal ones in slow company, which must not lend them its certainty.
    assert share_of_winners(draws // 4, (1, 1, 4, 4, 4, 4)) <= 0.05


@pytest.mark.parametrize(("draws", "fewer"), DRAWS)
def test_who_is_faster_by_half_is_found_in_eight_of_ten(draws, fewer):
    assert share_of_winners(draws, (1, 1.5), "m0") >= 0.8
    assert share_of_winners(fewer, (1.5, 1, 4), "m1") >= 0.8
    assert share_of_winners(draws // 4, (1, 1.5, 4, 4, 4, 4), "m0") >= 0.8


def paired_winner(costs):
    """Who wins where nothing is tuned; costs (methods, seeds that judge)."""
    names = [f"m{k}" for k in range(len(costs))]
    return leader(names, judged_pairs(names, costs, BUDGET))


COMPANY = {
    "equal": torch.eye(5),
    "one is noisy": torch.diag(torch.tensor([1, 1, 1, 1, 6.0])),
    "two and their means": torch.tensor([[1, 0], [0, 1], [0.5, 0.5], [0.8, 0.2]]),
    "on one line": torch.tensor([[-1.0], [-0.3], [0], [0.5], [1]]),
}


@pytest.mark.parametrize("kind", COMPANY)
def test_whatever_costs_have_in_common_equal_methods_have_no_winner_in_nineteen_of_twenty(kind):
    generator = torch.Generator().manual_seed(2)
    mixed, draws = COMPANY[kind].double(), 400
    found = 0
    for _ in range(draws):
        noise = torch.randn(mixed.shape[1], 10, generator=generator, dtype=torch.float64)
        found += paired_winner((4 + mixed @ noise).exp().clamp(max=BUDGET)) is not None
    # Of 400 draws at a true share of 0.05 no more than 32 in 995 of 1,000 trials.
    assert found <= 32


def test_slow_company_takes_nothing_from_the_winner_and_the_winner_is_clear_in_its_pairs():
    among, alone = verdict((1, 1.5, 4, 4, 4, 4), 0), verdict((1, 1.5), 0)
    assert among.winner == alone.winner == "m0"
    assert all(pair.clear for pair in among.pairs if pair.first == "m0")
    # Holm's correction over all fifteen pairs alone would have hidden it.
    assert any(pair.p > 0.05 >= pair.p_pair for pair in among.pairs if pair.first == "m0")


@pytest.mark.parametrize("factors", [(1, 1.5, 4), (1, 1, 1)])
def test_the_order_of_methods_and_of_seeds_says_nothing(factors):
    for draw in range(4):
        one, straight = verdict(factors, draw), answers(factors, draw)

        def turned(requests, straight=straight):
            return straight([replace(request, method=2 - request.method) for request in requests])

        methods = judged_methods(
            ["m2", "m1", "m0"], [rate_grid(RATES)] * 3, list(range(20))[::-1], BUDGET, turned
        )
        other = verdict_of(
            "course", methods, budget=BUDGET, seeds=tuple(range(20)), start=1, lowest=0, targets=one.targets
        )
        assert other.winner == one.winner
        assert {(p.first, p.second): p for p in other.pairs} == {(p.first, p.second): p for p in one.pairs}


def test_company_that_is_slow_changes_neither_costs_nor_winner():
    for draw in range(5):
        ask = answers((1, 2, 9, 12), draw)
        methods = judged_methods(["m0", "m1"], [rate_grid(RATES)] * 2, range(20), BUDGET, ask)
        every = judged_methods(["m0", "m1", "m2", "m3"], [rate_grid(RATES)] * 4, range(20), BUDGET, ask)
        for alone, among in zip(methods, every, strict=False):
            assert torch.equal(alone.costs, among.costs)
            assert alone.settings == among.settings
        settings = {
            "budget": BUDGET,
            "seeds": tuple(range(20)),
            "start": 1,
            "lowest": 0,
            "targets": (0.1,),
        }
        assert (
            verdict_of("c", methods, **settings).winner == verdict_of("c", every, **settings).winner == "m0"
        )


def test_the_offset_of_the_grid_makes_no_winner():
    for factors, expected in (((1, 1), None), ((1, 2.5), "m0")):
        for draw in range(3):
            found = {verdict(factors, draw, offset=k / 16).winner for k in range(16)}
            assert found == {expected}, (factors, draw)


@pytest.mark.parametrize("steepness", [0.3, 4.0])
def test_whatever_the_offset_of_the_grid_nobody_slower_wins_and_who_is_twice_as_fast_does(steepness):
    """Steep: half a step of the grid away from its best rate a method costs 1.4 times as much."""
    for factors, allowed in (((1, 1), {None}), ((1, 1.5), {None, "m0"}), ((2, 1), {"m1"})):
        for draw in range(6):
            found = {verdict(factors, draw, offset=k / 8, steepness=steepness).winner for k in range(8)}
            assert found <= allowed, (factors, draw)


def test_who_leads_on_one_grid_alone_has_not_won():
    """A method with one good rate, on the given grid, and none between its rates."""
    lucky = rate_grid((0.01, 0.1, 1.0))
    good = lucky.settings[2]["learning_rate"]

    def ask(requests):
        found = []
        for request in requests:
            rates = torch.tensor([one["learning_rate"] for one in request.candidates.settings]).double()
            costs = torch.where((rates - good).abs() < 1e-3 * good, 20.0, 300.0)
            costs = torch.full_like(rates, 100.0) if request.method else costs
            spread = 1 + 0.01 * torch.tensor(request.seeds).double()
            found.append((costs[:, None] * spread)[..., None].expand(-1, -1, 3))
        return found

    methods = judged_methods(["lucky", "steady"], [lucky] * 2, range(20), BUDGET, ask)
    found = verdict_of(
        "c", methods, budget=BUDGET, seeds=tuple(range(20)), start=1, lowest=0, targets=(0.3, 0.2, 0.1)
    )
    assert (found.winner, found.fields["kind"]) == (None, "unstable")


def test_a_best_rate_at_the_end_widens_the_grid_or_is_told():
    def ask_with(best):
        def ask(requests):
            found = []
            for request in requests:
                rates = torch.tensor([one["learning_rate"] for one in request.candidates.settings]).double()
                costs = 30 * (0.3 * (rates / best).log() ** 2).exp()
                found.append(costs[:, None, None].expand(-1, len(request.seeds), 3))
            return found

        return ask

    def tuned(best):
        return judged_methods(["m"], [rate_grid(RATES)], range(20), BUDGET, ask_with(best))[0]

    inside, beyond, far, below = (tuned(best) for best in (0.1, 40.0, 1e9, 3e-5))
    assert (inside.edge, len(inside.rates)) == ("", 2 * len(RATES))
    assert beyond.edge == ""
    assert beyond.best_rate == pytest.approx(40, rel=0.2)
    assert (far.edge, far.best_rate) == ("high", max(far.rates))
    assert below.best_rate == pytest.approx(3e-5, rel=0.2)
    # What was tried beyond the grid says nothing of how many settings work.
    assert inside.works == far.works == 1.0


def test_a_run_that_does_not_arrive_is_worse_than_any_that_does():
    inf = math.inf
    ask = _table([[900.0] * 20, [inf] * 20])
    methods = judged_methods(["slow", "never"], [rate_grid((0.1,))] * 2, range(20), BUDGET, ask)
    found = verdict_of("c", methods, budget=BUDGET, seeds=tuple(range(20)), start=1, lowest=0, targets=(0.1,))
    assert found.winner == "slow"


def _table(costs):
    def ask(requests):
        return [
            torch.tensor([costs[r.method][seed] for seed in r.seeds])
            .double()[None, :, None]
            .expand(len(r.candidates), -1, 1)
            for r in requests
        ]

    return ask


KINDS = {
    "nobody": [[math.inf] * 20, [math.inf] * 20],
    "tie": [[30.0 + k for k in range(20)], [30.0 + (k + 3) % 20 for k in range(20)]],
    "tie_small": [[30.0 + k for k in range(20)], [31.0 + k for k in range(20)]],
    "tie_more": [
        [30.0 + k for k in range(20)],
        [31.0 + k for k in range(20)],
        [30.0 + (k + 7) % 20 for k in range(20)],
    ],
    "winner": [[30.0 + k for k in range(20)], [61.0 + 2 * k for k in range(20)]],
    "alone": [[30.0] * 20],
    "alone_rarely": [[30.0] * 4 + [math.inf] * 16],
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_case_has_its_sentence(kind):
    costs = KINDS[kind]
    names = [f"m{k}" for k in range(len(costs))]
    methods = judged_methods(names, [rate_grid((0.1,))] * len(costs), range(20), BUDGET, _table(costs))
    found = verdict_of("c", methods, budget=BUDGET, seeds=tuple(range(20)), start=1, lowest=0, targets=(0.1,))
    assert found.fields["kind"] == kind
    assert (found.winner is not None) == (kind == "winner")


def test_sign_flips_are_all_of_them_counted():
    differences = torch.tensor([[0.4, 0.1, -0.2, 0.5, 0.3, 0.2, 0.6]])
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 7)
    sums = (signs * differences).sum(1)
    wanted = (sums.abs() >= differences.sum() - 1e-6).double().mean()
    found = sign_flips(differences)
    assert found.p.item() == pytest.approx(wanted.item())
    # The interval holds the shifts that the test does not refuse.
    for end, step in ((found.low, -1), (found.high, 1)):
        inside, outside = (differences - end + k * step * 1e-6 for k in (1, -1))
        assert sign_flips(inside).p.item() > 0.05 >= sign_flips(outside).p.item()


def test_holm_refuses_at_most_what_one_test_would():
    p = torch.tensor([0.001, 0.02, 0.04, 0.5])
    assert holm(p).tolist() == pytest.approx([0.004, 0.06, 0.08, 0.5])
    assert [pairs_needed(count) for count in (2, 3, 10)] == [6, 7, 11]
