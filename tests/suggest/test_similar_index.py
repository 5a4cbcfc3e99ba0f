"""The index of similar threads follows what happens: threads change, go, grow too many, and are confirmed to be the same."""

from datetime import UTC, datetime, timedelta

from powerup.suggest.confirmed import Confirmed
from powerup.suggest.document import Document
from powerup.suggest.similar import SimilarIndex

START = datetime(2026, 1, 1, tzinfo=UTC)


def keys(index: SimilarIndex, subject: str) -> list[int | str]:
    return [each.key for each in index.similar(Document(subject), limit=50)]


def test_adding_a_key_again_replaces_what_it_said() -> None:
    index = SimilarIndex()
    index.add(1, Document("kettle whistles"))
    index.add(1, Document("toaster burns"))

    assert len(index) == 1
    assert keys(index, "kettle") == []
    assert keys(index, "toaster") == [1]


def test_a_removed_thread_is_not_found_and_an_unknown_one_is_no_error() -> None:
    index = SimilarIndex()
    index.add(1, Document("kettle whistles"))
    index.add(2, Document("kettle drips"))
    index.remove(1)
    index.remove("never seen")

    assert keys(index, "kettle") == [2]
    assert 1 not in index
    assert 2 in index


def test_the_oldest_make_room_whatever_order_they_came_in() -> None:
    index = SimilarIndex(newest=3)
    for day in (5, 1, 4, 2, 3):
        index.add(day, Document("kettle whistles"), START + timedelta(days=day))

    assert sorted(map(str, keys(index, "kettle"))) == ["3", "4", "5"]


def test_memory_is_bounded_when_threads_come_and_go() -> None:
    index = SimilarIndex(newest=50)
    for number in range(1000):
        index.add(number, Document(f"kettle word{number}", f"text of number{number}"), START + timedelta(hours=number))

    assert len(index) == 50
    assert len(index._held) <= 1.25 * 50 + 101
    assert len(index._postings.numbers) < 1000
    assert keys(index, "word999")[0] == 999
    assert 10 not in keys(index, "word10 kettle")
    assert keys(index, "word950") == [950]
    assert keys(index, "word949") == []


def test_a_word_that_nearly_all_threads_have_finds_nothing_by_itself() -> None:
    index = SimilarIndex()
    for number in range(100):
        index.add(number, Document(f"kettle word{number}"), START)

    assert keys(index, "kettle") == []
    assert keys(index, "kettle word7") == [7]


def test_answers_are_the_same_after_packing() -> None:
    packed, plain = SimilarIndex(), SimilarIndex()
    for number in range(300):
        packed.add(number + 1000, Document(f"passing {number}"))
    for index in (packed, plain):
        for number in range(20):
            index.add(number, Document(f"kettle {'whistles ' * (number % 3)} word{number % 7}"), START)
    for number in range(300):
        packed.remove(number + 1000)
    asked = Document("kettle word3")
    one, other = packed.similar(asked), plain.similar(asked)

    assert len(packed._held) < 320, "what was given up is gone"
    assert {each.key for each in one[:3]} == {each.key for each in other[:3]} == {3, 10, 17}
    assert set(one[0].words) == set(other[0].words) == {"word3", "kettle"}


def test_a_confirmed_pair_brings_the_original_up() -> None:
    index = SimilarIndex()
    index.add("original", Document("Widget pane misbehaves", "Described in the old words of the first reporter."), START)
    index.add("again", Document("Grey rectangle instead of picture", "The rectangle flickers."), START)
    for number in range(20):
        index.add(number, Document(f"Something about item{number}", "picture of a rectangle"), START)
    asked = Document("Grey rectangle flickers", "Where my picture should be.")
    before = [each.key for each in index.similar(asked)]

    index.join("again", "original")

    assert before[0] == "again"
    assert "original" not in before
    assert "original" in [each.key for each in index.similar(asked)]


def test_the_thread_that_others_were_joined_to_comes_before_its_equal() -> None:
    index = SimilarIndex()
    for key in ("one", "two", "three"):
        index.add(key, Document("kettle whistles"), START)
    for key in ("a", "b", "c"):
        index.add(key, Document("kettle sings"), START)
        index.join(key, "one")

    assert keys(index, "kettle whistles")[0] == "one"


def test_a_pair_may_be_joined_before_its_threads_are_known_and_with_itself_it_is_none() -> None:
    index = SimilarIndex()
    index.join("again", "original")
    index.join("again", "again")
    index.add("original", Document("Widget pane"), START)
    index.add("again", Document("Grey rectangle"), START)

    assert "original" in keys(index, "grey rectangle")


def test_a_removed_thread_leaves_no_pair_behind() -> None:
    index = SimilarIndex()
    index.add("original", Document("Widget pane"), START)
    index.add("again", Document("Grey rectangle"), START)
    index.join("again", "original")
    index.remove("original")
    index.add("original", Document("Widget pane"), START)

    assert keys(index, "grey rectangle") == ["again"]


def test_confirmed_pairs_are_forgotten_from_both_ends() -> None:
    confirmed: Confirmed[str] = Confirmed()
    confirmed.join("b", "a")
    confirmed.join("c", "a")
    confirmed.forget("b")

    assert confirmed.members("a") == ("c",)
    assert confirmed.originals("b") == ()
    confirmed.forget("a")
    assert confirmed.originals("c") == ()
