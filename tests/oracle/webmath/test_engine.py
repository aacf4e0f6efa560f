"""The engine of the page: what it answers, in which order, and what it refuses."""

import pytest

from soloneuron.data.catalogue import make_dataset
from soloneuron.playing.lessons import LESSONS

NAME = "autograd"
"""A short lesson: its parts have one step each."""

ALL = {"paint": 3000}


@pytest.fixture
def ask(page):
    """All answers to some requests, one list for each; the first is of the link."""

    def asked(link, *requests):
        answers, lists = page.ask("answered", {"link": link, "requests": list(requests)}), [[]]
        for answer in answers:
            if answer["is"] == "asked":
                lists.append([])
            else:
                lists[-1].append(answer)
        return lists

    return asked


def steps(answers):
    return [answer["step"] for answer in answers if answer["is"] == "frame"]


def last(answers, kind):
    told = [answer["told"] for answer in answers if answer["is"] == kind]
    return told[-1] if told else None


def code(answers):
    return (last(answers, "error") or {}).get("code")


def part(number):
    return {"do": "lesson", "part": number}


def test_a_link_is_set_up_shown_and_judged_in_this_order(ask):
    (opened,) = ask("loss=nll&step=3")
    assert [answer["is"] for answer in opened] == ["setup", *["frame"] * 4, "status"]
    assert steps(opened) == [0, 1, 2, 3]
    assert last(opened, "status")["playing"] is False


def test_playing_shows_every_step_once_at_the_speed_that_is_wanted(ask):
    _, _, _, played = ask(
        "loss=nll", {"do": "speed", "speed": 60}, {"do": "play", "until": 30}, {"paint": 31}
    )
    assert steps(played)[:20] == list(range(1, 21))
    _, _, _, slow = ask("loss=nll", {"do": "speed", "speed": 5}, {"do": "play", "until": 30}, {"paint": 61})
    assert steps(slow) == [1, 2, 3, 4, 5]


def test_pausing_stops_it_and_stepping_back_needs_no_training(ask):
    lists = ask(
        "loss=nll",
        {"do": "play", "until": 100},
        {"paint": 60},
        {"do": "pause"},
        {"paint": 60},
        {"do": "go", "step": 2},
    )
    assert steps(lists[4]) == []
    assert last(lists[3], "status")["playing"] is False
    assert steps(lists[5]) == [2]


def test_a_long_way_is_hurried_and_every_step_of_it_shown(ask):
    names = "gradient_descent,momentum,nag,adagrad,rmsprop,adam,adamw,nadam,radam,lion,adamax,amsgrad"
    lists = ask(f"loss=nll,mse&optimizers={names}", {"do": "go", "step": 3000}, ALL)
    assert steps([*lists[1], *lists[2]]) == list(range(1, 3001))
    assert last(lists[2], "status")["playing"] is False


def test_the_run_rests_at_the_target_once_and_goes_on_when_asked(ask):
    free, speed = {"do": "play", "until": 10_000}, {"do": "speed", "speed": 960}
    lists = ask("loss=nll&optimizers=adam:0.3", speed, free, ALL, free, {"paint": 30})
    (arrived,) = [answer for answer in lists[3] if answer["is"] == "arrived"]
    (judged,) = last(lists[3], "status")["runners"]
    assert judged["reached"] == arrived["step"] == steps(lists[3])[-1]
    assert steps(lists[5])[-1] > arrived["step"]
    lists = ask("loss=nll&optimizers=adam:0.3", {"do": "target", "stops": False}, speed, free, {"paint": 60})
    assert steps(lists[4])[-1] > arrived["step"]


def test_a_change_goes_on_from_where_the_run_stands_and_is_taken_back(ask):
    change = {"do": "change", "changes": {"batch": "8"}}
    lists = ask("loss=nll&step=20", change, {"do": "undo"}, {"do": "redo"})
    _, changed, undone, redone = (last(answers, "setup") for answers in lists)
    assert changed["link"] == redone["link"] == "loss=nll&step=20&20.batch=8"
    assert changed["changes"] == [20]
    assert (changed["undo"], changed["redo"]) == (True, False)
    assert undone["link"] == "loss=nll&step=20"
    assert (undone["undo"], undone["redo"]) == (False, True)
    assert [steps(answers)[-1] for answers in lists] == [20] * 4


@pytest.mark.parametrize("changes", [{"start": [1, 1]}, {"bias": True}, {"data": "xor"}, {"seed": 4}])
def test_other_rows_or_another_start_begin_a_new_run(ask, changes):
    _, changed = ask("loss=nll&step=20&10.batch=8", {"do": "change", "changes": changes})
    assert last(changed, "setup")["changes"] == []
    assert last(changed, "setup")["config"]["batch"] == "8"
    assert steps(changed) == [0]


def test_what_is_dragged_is_taken_back_as_one(ask):
    drags = [{"do": "change", "changes": {"start": [place, 0]}} for place in range(5)]
    lists = ask("loss=nll", *drags, {"do": "undo"})
    assert last(lists[-1], "setup")["link"] == "loss=nll"


def test_looking_back_past_a_change_shows_what_held_then(ask):
    lists = ask(
        "loss=nll&10.loss=mse&step=20",
        {"do": "go", "step": 5},
        {"do": "go", "step": 6},
        {"do": "go", "step": 12},
    )
    assert [last(answers, "setup") and last(answers, "setup")["config"]["loss"] for answers in lists] == [
        ["mse"], ["nll"], None, ["mse"],
    ]  # fmt: skip


def test_resetting_goes_to_the_start_and_after_changes_begins_with_what_holds(ask):
    _, plain = ask("loss=nll&step=20", {"do": "reset"})
    assert (last(plain, "setup"), steps(plain)) == (None, [0])
    _, changed = ask("loss=nll&step=20&10.batch=8", {"do": "reset"})
    assert last(changed, "setup")["link"] == "loss=nll&batch=8"


@pytest.mark.parametrize(
    "left", [{"do": "change", "changes": {"lesson": ""}}, {"do": "open", "link": "lesson=xor"}]
)
def test_a_lesson_that_was_left_is_taken_up_again_where_it_stood(ask, left):
    lists = ask(
        f"lesson={NAME}", {"do": "predict", "choice": "two"}, part(0), ALL, {"do": "go", "step": 20}, left,
        {"do": "undo"},
    )  # fmt: skip
    told = last(lists[6], "lesson")
    assert (told["predicted"], [step["done"] for step in told["steps"]]) == ("two", [True, False, False])
    assert steps(lists[6])[-1] == 20


def test_a_step_that_is_remembered_holds_before_that_of_the_link_the_start_too(ask):
    lists = ask("", *({"do": "open", "link": "data=xor&step=50", "step": step} for step in (7, 0)), ALL)
    assert [steps(answers)[-1] for answers in lists[1:3]] == [7, 0]
    assert last(lists[2], "setup")["link"] == "data=xor"


def changed(count):
    """So many changes at the start that none is one with the one before, and the link after each."""
    changes = [{word: place / 100} for place in range(1, count) for word in ("noise", "l2")][:count]
    return [{"do": "change", "changes": one} for one in changes]


def test_what_was_forgotten_is_opened_by_its_address_and_what_came_after_it_is_known(ask):
    lists = ask(
        "data=xor", *changed(25),
        {"do": "entry", "at": 6, "link": ""}, {"do": "entry", "at": 5, "link": "data=xor&seed=7&step=3"},
        {"do": "redo"}, {"do": "entry", "at": 2, "link": "data=circles"}, {"do": "undo"},
    )  # fmt: skip
    links = [(last(answers, "setup") or {}).get("link") for answers in lists]
    # It is known, but the address says otherwise.
    assert links[26] == ""
    assert (links[27], steps(lists[27])[-1]) == ("data=xor&seed=7&step=3", 3)
    assert links[28:] == ["", "data=circles", None]
    entries = [last(answers, "setup")["entry"] for answers in lists[26:30]]
    assert entries == [6, 5, 6, 2]


def test_an_entry_that_is_known_stands_where_it_was_left(ask):
    lists = ask(
        "data=xor", {"do": "go", "step": 8}, {"do": "change", "changes": {"seed": 4}},
        {"do": "entry", "at": 0, "link": "data=xor"}, {"do": "entry", "at": 1},
    )  # fmt: skip
    assert [steps(answers)[-1] for answers in lists[3:]] == [8, 0]


@pytest.mark.parametrize("changes", [{"batch": "8"}, {"seed": 4}])
def test_a_change_while_it_plays_leaves_its_end_where_it_was(ask, changes):
    lists = ask(
        "data=xor&loss=nll", {"do": "play", "until": 60}, {"paint": 60},
        {"do": "change", "changes": changes}, {"paint": 900},
    )  # fmt: skip
    assert steps(lists[4])[-1] == 60
    assert last(lists[4], "status")["playing"] is False


OWN = "data=own&points=1,1,0;2,2,1&loss=nll"


@pytest.mark.parametrize(
    ("link", "at", "points"),
    [
        (f"{OWN}&10.add=3,3,0&step=20", 20, [[1, 1, 0], [2, 2, 1], [3, 3, 0]]),
        (f"{OWN}&10.add=3,3,0&15.drop=0&step=20", 20, [[2, 2, 1], [3, 3, 0]]),
        (f"{OWN}&10.add=3,3,0&15.drop=0&step=20", 12, [[1, 1, 0], [2, 2, 1], [3, 3, 0]]),
        (f"{OWN}&10.add=3,3,0&15.points=4,4,0;5,5,1&step=20", 20, [[4, 4, 0], [5, 5, 1]]),
        (
            "data=assignment&loss=nll&10.drop=0&step=20",
            20,
            [[2, 1, 0], [-1, -2, 0], [0.5, 0.5, 0], [0, 1, 1]],
        ),
        ("data=assignment&loss=nll&10.l2=1&step=20", 20, []),
    ],
)
@pytest.mark.parametrize(
    "request_",
    [
        {"do": "reset"},
        {"do": "change", "changes": {"start": [1, 1]}},
        {"do": "change", "changes": {"bias": True}},
    ],
)
def test_a_new_run_begins_with_the_points_that_came_and_went_by_hand(ask, link, at, points, request_):
    setup = last(ask(link, ALL, {"do": "go", "step": at}, request_)[-1], "setup")
    begun = setup["config"]
    assert (begun["points"], setup["changes"]) == (points, [])
    assert (begun["data"] == "own") is (points != [])


def test_noisy_points_begin_anew_where_they_are_and_are_moved_no_further(ask):
    (_, answers) = ask("data=assignment&loss=nll&noise=1&10.drop=0&step=20", ALL, {"do": "reset"})[1:]
    begun = last(answers, "setup")["config"]
    moved = make_dataset("assignment", noise=1).features[1:].flatten().tolist()
    assert [x for *point, _ in begun["points"] for x in point] == pytest.approx(moved, abs=1e-3)
    assert begun["noise"] == 0


def test_a_new_run_holds_the_rows_that_were_held_back_too(ask):
    _, _, answers = ask("data=xor&loss=nll&test=0.3&10.drop=0&step=20", ALL, {"do": "reset"})
    begun = last(answers, "setup")["config"]
    made = make_dataset("xor")
    known = {(round(one, 3), round(two, 3)) for one, two in made.features.tolist()}
    assert (len(begun["points"]), begun["test"]) == (len(made.labels) - 1, 0.3)
    assert {(one, two) for one, two, _ in begun["points"]} <= known


def test_rows_that_are_drawn_anew_hold_no_points_of_before(ask):
    drawn = ask("loss=nll&10.drop=0&step=20", ALL, {"do": "change", "changes": {"seed": 4}})[-1]
    assert last(drawn, "setup")["link"] == "loss=nll&seed=4"
    own = ask(f"{OWN}&10.add=3,3,0&step=20", ALL, {"do": "change", "changes": {"seed": 4}})[-1]
    assert last(own, "setup")["config"]["points"][-1] == [3, 3, 0]


def test_who_leaves_a_lesson_keeps_the_run_with_all_that_changed_in_it(ask):
    lists = ask(
        "lesson=separable",
        {"do": "predict", "choice": "skipped"},
        {"do": "go", "step": 8},
        ALL,
        {"do": "change", "changes": {"batch": "8"}},
        {"do": "go", "step": 12},
        ALL,
        {"do": "change", "changes": {"lesson": ""}},
        ALL,
    )
    left = last(lists[-2], "setup")
    assert (left["config"]["lesson"], left["changes"], left["link"].endswith("&8.batch=8")) == ("", [8], True)
    assert (steps(lists[-2] + lists[-1])[-1], last(lists[-2], "lesson")) == (12, None)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"optimizers": [["adam", 1e9]]}, "number"),
        ({"optimizers": [["adam", None]]}, "number"),
        ({"l2": -1}, "number"),
        ({"start": [1, 1e9]}, "number"),
        ({"drop": [1, 2, 3]}, "points.left"),
        ({"data": "own", "points": [[0, 0, 1]]}, "points.one_class"),
    ],
)
def test_what_cannot_be_is_refused_and_the_last_good_state_stays(ask, changes, fault):
    lists = ask(
        "data=assignment&loss=nll&step=4", {"do": "change", "changes": changes}, {"do": "go", "step": 5}
    )
    assert code(lists[1]) == f"playground.{fault}"
    assert [answer["is"] for answer in lists[1]] == ["error"]
    assert steps(lists[2]) == [5]


def test_a_link_of_no_use_is_refused_and_another_one_opens(ask):
    first, second = ask("data=moon", {"do": "open", "link": ""})
    assert [answer["is"] for answer in first] == ["error"]
    assert steps(second) == [0]
    assert ask("data=moon", {"do": "play", "until": 3})[1] == []


def test_a_lesson_in_the_link_is_told_with_its_choices(ask):
    told = last(ask(f"lesson={NAME}")[0], "lesson")
    assert told["name"] == NAME
    assert told["choices"] == list(LESSONS[NAME].answers)
    assert (told["predicted"], told["at"], told["answer"]) == (None, 0, None)
    assert [step["open"] for step in told["steps"]] == ["inside", "", ""]


@pytest.mark.parametrize("request_", [{"do": "play", "until": 9}, {"do": "go", "step": 1}, part(0)])
def test_nothing_is_played_before_somebody_said_what_will_be(ask, request_):
    opened, said, after = ask(f"lesson={NAME}&step=1", request_, ALL)
    assert steps(opened) == [0]
    assert [answer["is"] for answer in said] == ["error"]
    assert code(said) == "playground.lesson.predict"
    assert after == []


@pytest.mark.parametrize("choice", ["skipped", *LESSONS[NAME].answers])
def test_after_a_prediction_or_without_one_the_lesson_plays_to_its_answer(ask, choice):
    said, late = {"do": "predict", "choice": choice}, {"do": "predict", "choice": "two"}
    lists = ask(f"lesson={NAME}", said, part(0), ALL, part(1), ALL, part(2), ALL, late)
    assert last(lists[1], "lesson")["predicted"] == choice
    for number in range(3):
        told = last(lists[3 + 2 * number], "lesson")
        assert [step["done"] for step in told["steps"]] == [place <= number for place in range(3)]
    assert told["answer"]["code"] == "one"
    assert told["answer"]["right"] == {"skipped": None, "one": True}.get(choice, False)
    # What is known cannot be predicted any more.
    assert last(lists[-1], "lesson") is None


def test_a_prediction_can_be_changed_until_the_answer_is_known(ask):
    lists = ask(f"lesson={NAME}", *({"do": "predict", "choice": choice} for choice in ("two", "half")))
    assert [last(answers, "lesson")["predicted"] for answers in lists[1:]] == ["two", "half"]


def test_without_a_lesson_nothing_is_told_of_one(ask):
    assert not any(answer["is"] == "lesson" for answer in ask("step=3", {"do": "go", "step": 1})[0])


def test_setting_the_page_by_hand_to_a_part_counts_as_that_part(ask):
    by_hand = {"do": "open", "link": f"lesson={NAME}&loss=nll,mse"}
    lists = ask(f"lesson={NAME}", {"do": "predict", "choice": "one"}, by_hand, {"do": "go", "step": 1})
    told = [last(answers, "lesson") for answers in lists[2:]]
    assert [lesson["at"] for lesson in told] == [1, 1]
    assert [[step["done"] for step in lesson["steps"]] for lesson in told] == [
        [False] * 3, [False, True, False],
    ]  # fmt: skip


def test_a_part_that_was_played_can_be_played_again_from_its_start(ask):
    lists = ask(f"lesson={NAME}", {"do": "predict", "choice": "one"}, part(0), ALL, part(0), ALL)
    assert [steps(lists[place]) for place in range(2, 6)] == [[], [1], [0], [1]]


def test_playing_past_the_end_of_a_part_ends_the_part_too(ask):
    end = LESSONS["why_nll"].steps[0].until
    said, play = {"do": "predict", "choice": "nll"}, {"do": "play", "until": end + 10}
    lists = ask("lesson=why_nll", said, play, ALL)
    assert steps(lists[3])[-1] == end + 10
    assert last(lists[3], "lesson")["steps"][0]["done"]


def test_a_lesson_chosen_from_the_list_again_begins_anew(ask):
    again = {"do": "open", "link": f"lesson={NAME}"}
    lists = ask(f"lesson={NAME}", {"do": "predict", "choice": "skipped"}, part(0), ALL, again)
    told = last(lists[4], "lesson")
    assert told["predicted"] is None
    assert not any(step["done"] for step in told["steps"])


def test_settings_that_are_not_the_lessons_do_not_count(ask):
    stray, go = {"do": "change", "changes": {"l2": 0.1}}, {"do": "go", "step": 5}
    said = {"do": "predict", "choice": "one"}
    lists = ask(f"lesson={NAME}", said, part(0), ALL, stray, go, part(1), ALL, part(2), ALL)
    told = last(lists[4], "lesson")
    assert (told["at"], told["predicted"]) == (None, "one")
    assert steps(lists[5])[-1] == 5
    assert last(lists[5], "lesson") is None
    assert last(lists[6], "setup")["config"]["l2"] == 0
    assert last(lists[7], "lesson")["steps"][1]["done"]
    told = last(lists[9], "lesson")
    assert (told["at"], told["answer"]["code"]) == (2, "one")


def test_parts_with_the_same_settings_are_one_run(ask):
    first = LESSONS["separable"].steps[0].until
    lists = ask("lesson=separable", {"do": "predict", "choice": "skipped"}, part(0), ALL, part(1))
    assert last(lists[4], "setup") is None
    assert steps(lists[3])[-1] == first


def test_a_lesson_sets_its_own_speed_and_a_person_another(ask):
    lists = ask(f"lesson={NAME}", {"do": "predict", "choice": "one"}, part(0), {"do": "speed", "speed": 960})
    assert last(lists[2], "lesson")["speed"] == LESSONS[NAME].steps[0].speed
    assert last(lists[3], "lesson")["speed"] == 960


def test_leaving_a_lesson_is_told_once_and_another_one_begins_without_a_prediction(ask):
    lists = ask(
        f"lesson={NAME}", {"do": "predict", "choice": "one"}, {"do": "open", "link": "lesson=xor"},
        {"do": "change", "changes": {"lesson": ""}}, {"do": "open", "link": "data=xor"},
    )  # fmt: skip
    assert last(lists[2], "lesson")["predicted"] is None
    assert [answer for answer in lists[3] if answer["is"] == "lesson"] == [{"is": "lesson", "told": None}]
    assert not any(answer["is"] == "lesson" for answer in lists[4])


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ({"do": "predict", "choice": "seven"}, "message.value"),
        (part(3), "message.value"),
        (part(-1), "message.value"),
        ({"do": "open", "link": "lesson=chess"}, "choice"),
        ({"do": "inside", "of": [9, 0]}, "inside.runner"),
        ({"do": "inside", "of": [0, 999]}, "inside.row"),
    ],
)
def test_a_wrong_request_is_named(ask, request_, fault):
    said = {"do": "predict", "choice": "two"}
    answers = ask(f"lesson={NAME}", said, request_)[2]
    # Neither another session nor another state of the lesson.
    assert [answer["is"] for answer in answers] == ["error"]
    assert code(answers) == f"playground.{fault}"
    if request_["do"] in ("predict", "lesson"):
        assert code(ask("", {**request_, "choice": "one"})[1]) == "playground.lesson.none"
