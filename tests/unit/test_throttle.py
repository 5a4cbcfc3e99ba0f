from powerup.throttle import Throttle, Throttles


def test_so_many_and_no_more() -> None:
    throttle = Throttle(2, 60.0)
    assert [throttle.take(), throttle.take()] == [0.0, 0.0]
    assert 0 < throttle.take() <= 60


def test_nobody_uses_up_what_is_there_for_others() -> None:
    throttles = Throttles(2, 60.0)
    assert [throttles.take(1) > 0 for _ in range(3)] == [False, False, True]
    assert throttles.take(2) == 0


def test_of_very_many_the_one_that_asked_least_lately_is_forgotten() -> None:
    throttles = Throttles(1, 60.0, remembered=2)
    assert [throttles.take(key) > 0 for key in (1, 2, 1, 3)] == [False, False, True, False]
    assert throttles.take(1) > 0
    assert throttles.take(2) == 0
