"""Which addresses are ours is decided on the spot."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
FIND = """async (load, url) => {
  const { Forums } = await load('lib/forums.js');
  const forums = new Forums([{ id: 1, kind: 'discourse', name: 'A', base_url: 'https://forum.test' },
    { id: 2, kind: 'discourse', name: 'B', base_url: 'http://127.0.0.1:8901/community/' }]);
  return forums.find(url)?.id ?? null;
}"""


@pytest.mark.parametrize(
    ("url", "forum"),
    [
        ("https://forum.test/t/slug/7", 1),
        ("http://forum.test/t/slug/7", 1),
        ("https://FORUM.test:443/t/slug/7?u=me#post_3", 1),
        ("  https://forum.test/t/7 ", 1),
        ("http://127.0.0.1:8901/community/t/7", 2),
        ("http://127.0.0.1:8901/elsewhere/t/7", None),
        ("http://127.0.0.1:8902/community/t/7", None),
        ("https://forum.test", None),
        ("https://forum.test.evil.test/t/7", None),
        ("https://forum.test@evil.test/t/7", None),
        ("https://user:word@forum.test/t/7", None),
        ("https://evil.test/?https://forum.test/t/7", None),
        ("javascript:alert(1)//forum.test/t/7", None),
        ("ftp://forum.test/t/7", None),
        ("no address", None),
    ],
)
def test_a_url_belongs_to_the_forum_of_its_host_and_path(run: Run, url: str, forum: int | None) -> None:
    assert run(FIND, url) == forum
