"""Words that say nothing about what a thread is about. They may tip a scale; marking them would tell nobody why."""

from powerup.suggest.terms import STOPWORDS

_MORE = """
after again already always another anybody anyone anything around away back because before between both cannot come could dear each
either else ever every everybody everyone everything few first good great hello help hi however instead know last later let like look
made make many may maybe might morning most much must need never new next nobody nothing now often old once other others over please
problem question quite really right said same say says see seems since someone something soon still sure take tell thank thanks then
these thing things think those through today together too try trying two very want wants way week well while who whole why without work
working works would yes yesterday yet
"""
_WORDS = STOPWORDS | frozenset(_MORE.split())


def is_everyday(text: str) -> bool:
    """Whether a text, in lower case, is made of such words and numbers only."""
    return all(part in _WORDS or not any(char.isalpha() for char in part) for part in text.split())
