"""Coroutine traps that compile: each has cost somebody a use after free (CP.51 of the Core Guidelines)."""
import re

from .shape import closing

LAMBDA = re.compile(
    r"(?<![\w\])])\s*\[(?P<captures>[^\[\]]*)\]\s*(?:<[^{};]*>\s*)?"
    r"(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?"
    r"(?:\s*(?:mutable\b|noexcept\b|constexpr\b|->[^{};]*))*\s*\{")
CATCH = re.compile(r"\bcatch\s*\([^()]*\)\s*\{")
SUSPENDS = re.compile(r"\bco_(await|return|yield)\b")


def lambdas(code):
    """(start, captures, body offset, end) of each lambda."""
    for match in LAMBDA.finditer(code):
        start = code.index("[", match.start())
        if not code[start:].startswith("[["):
            yield start, match.group("captures").strip(), match.end(), closing(code, match.end() - 1)


def own_body(code, begin, end, nested):
    """The body with the bodies of lambdas inside it blanked: their co_await is not its own."""
    body = code[begin:end]
    for start, _, inner, close in nested:
        if begin <= start < end:
            body = body[:inner - begin] + " " * (close - inner) + body[close - begin:]
    return body


def check(source):
    if not source.is_cpp or "co_" not in source.code:
        return []
    found = []
    every = list(lambdas(source.code))
    for start, captures, begin, end in every:
        nested = [other for other in every if other[0] > start]
        if captures and SUSPENDS.search(own_body(source.code, begin, end, nested)):
            found.append(source.found(source.line(start), "capturing-coroutine",
                                      f"a lambda that captures [{captures}] is a coroutine: the captures die with the "
                                      "closure, not with the coroutine", "write a named function, arguments by value"))
    for match in CATCH.finditer(source.code):
        body = source.code[match.end():closing(source.code, match.end() - 1)]
        if re.search(r"\bco_await\b", body):
            found.append(source.found(source.line(match.start()), "await-in-catch", "co_await inside a catch block",
                                      "record the error, leave the block, then await"))
    return found
