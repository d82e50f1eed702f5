"""Natural keys without their spelling: names, e-mail addresses, codes, numbers, phones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from backend.core.places import phone_digits

_FORMS = """
    ltd limited plc llp lp inc incorporated corp corporation co company cic ulc pbc pllc
    llc pty proprietary pvt private pte sdn bhd cc
    gmbh ag kg kgaa ohg gbr ug ev eg se mbh
    sarl sas sasu sa eurl snc sca scs sci scop
    srl spa sapa snc srls
    sl slu sau sll scp
    lda ltda eireli
    bv nv vof cv bvba sprl vzw asbl
    ab hb kb oy oyj as asa aps ivs ks ans
    zoo spzoo sro spol doo dd ad ood eood kft zrt nyrt bt
    oao ooo zao pao tov sirketi kk gk
"""
_SUFFIXES = frozenset(_FORMS.split())
_JOINED = {
    ("s", "a"), ("s", "l"), ("b", "v"), ("n", "v"), ("a", "s"), ("a", "g"), ("k", "k"), ("a", "b"),
    ("o", "y"), ("a", "d"), ("d", "d"), ("e", "v"), ("e", "g"), ("h", "f"), ("s", "e"), ("l", "p"),
    ("s", "a", "s"), ("s", "r", "l"), ("s", "p", "a"), ("s", "r", "o"), ("d", "o", "o"),
    ("l", "l", "c"), ("l", "l", "p"), ("p", "l", "c"), ("g", "m", "b", "h"), ("o", "h", "g"),
    ("s", "a", "r", "l"), ("s", "l", "u"), ("s", "n", "c"), ("e", "u", "r", "l"), ("a", "p", "s"),
    ("v", "o", "f"), ("sp", "z", "o", "o"), ("z", "o", "o"), ("c", "i", "c"), ("i", "n", "c"),
}  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’`´ʼ]")
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


def plain(text: str) -> str:
    """``text`` without case and accents, compatibility forms resolved."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each for each in folded if not unicodedata.combining(each))
    return kept.casefold().translate(_PLAIN)


@lru_cache(maxsize=65536)
def normal_name(text: str) -> str:
    """A company's or person's name as one compares it: case, accents, punctuation and the legal
    forms of many countries off, ``&`` spelled out, spaces single.

    A name that consists of legal forms alone keeps them.
    """
    spelled = _APOSTROPHES.sub("", plain(text).replace("&", " and ").replace("+", " and "))
    words = _WORDS.findall(spelled)
    rest = _without_suffix(words)
    while rest and rest != words:
        words, rest = rest, _without_suffix(rest)
    return " ".join(words)


def _without_suffix(words: list[str]) -> list[str]:
    if words and words[-1] in _SUFFIXES:
        words = words[:-1]
        return words[:-1] if words[-1:] == ["and"] else words
    for length in (4, 3, 2):
        if tuple(words[-length:]) in _JOINED:
            return words[:-length]
    return words


def _digits_and_letters(text: str) -> str:
    return "".join(each for each in plain(text) if each.isalnum())


def _exact(text: str) -> str:
    return text.strip()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip().casefold())


def _tight(text: str) -> str:
    return "".join(_folded(text).split())


_KEYS: Mapping[str, Callable[[str], str]] = {
    "exact": _exact,
    "name": normal_name,
    "email": _folded,
    "code": _tight,
    "number": _tight,
    "phone": phone_digits,
    "tax_number": _digits_and_letters,
}


def normal_key(kind: str, text: str) -> str:
    """``text`` as keys of ``kind`` compare; "" when nothing comparable is left.

    Kinds: exact, name, email, code, number, phone, tax_number; KeyError for another.
    """
    return _KEYS[kind](text)
