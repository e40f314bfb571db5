"""Functions are narrow: at most 8 arguments and 4 returned values, compiled ones too.

What travels together is a NamedTuple with names and counts as one value. Commands are excepted:
their arguments are their options.
"""

import ast
from pathlib import Path

import pytest

import lithomech
from support.sources import nodes

SRC = Path(lithomech.__file__).parent
MAX_ARGUMENTS, MAX_RETURNED = 8, 4
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SCALES = ("numerics", "particle", "microstructure", "cell")

# Still too wide. A function that has become narrow, or is gone, must leave its list.
WIDE_ARGUMENTS: set[str] = set()
WIDE_RETURNS: set[str] = set()


def functions():
    for path in sorted(SRC.rglob("*.py")):
        place = path.relative_to(SRC).as_posix()
        for node in nodes(path):
            if isinstance(node, FUNCTIONS):
                yield f"{place}: {getattr(node, 'name', 'lambda')}", node


def is_command(function):
    """Whether its arguments are those of the command line."""
    text = ast.unparse(function.args)
    return "typer.Option" in text or "typer.Argument" in text


def count_arguments(function):
    a = function.args
    names = [argument.arg for argument in (*a.posonlyargs, *a.args, *a.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def own_nodes(function):
    """Its nodes without those of functions and classes inside it."""
    left = list(function.body) if isinstance(function.body, list) else [function.body]
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            left.extend(ast.iter_child_nodes(node))


def count_values(expression):
    """Values of an expression: those of a literal tuple, tuples inside it included."""
    if isinstance(expression, ast.Tuple):
        return sum(map(count_values, expression.elts))
    if isinstance(expression, ast.IfExp):
        return max(count_values(expression.body), count_values(expression.orelse))
    return 1


def count_annotated(annotation):
    """Values that an annotation promises: ``tuple[float, ...]`` is one, a list of floats."""
    if not isinstance(annotation, ast.Subscript) or not isinstance(annotation.slice, ast.Tuple):
        return 1
    parts = annotation.slice.elts
    if getattr(annotation.value, "id", "") != "tuple" or ast.unparse(parts[-1]) == "...":
        return 1
    return sum(map(count_annotated, parts))


def count_returned(function):
    if isinstance(function, ast.Lambda):
        return count_values(function.body)
    nodes = (n for n in own_nodes(function) if isinstance(n, (ast.Return, ast.Yield)))
    return max([count_annotated(function.returns), *(count_values(n.value) for n in nodes)])


def test_functions_take_few_arguments():
    found = {
        place
        for place, function in functions()
        if count_arguments(function) > MAX_ARGUMENTS and not is_command(function)
    }
    assert found == WIDE_ARGUMENTS


def test_functions_return_few_values():
    found = {
        place for place, function in functions() if count_returned(function) > MAX_RETURNED
    }
    assert found == WIDE_RETURNS


def test_models_take_their_arguments_by_name():
    starred = {place for place, function in functions() if function.args.vararg is not None}
    assert not {place for place in starred if place.startswith(SCALES)}


@pytest.mark.parametrize(
    ("source", "arguments", "returned"),
    [
        ("def f(a, /, b, *, c): return a, (b, c), 1", 3, 4),
        ("def f(self, a): yield a if a else (1, 2, 3)", 1, 3),
        ("def f(a) -> tuple[int, tuple[int, str]]: return g(a)", 1, 3),
        ("def f(a) -> tuple[float, ...]: return tuple(a)", 1, 1),
        ("def f():\n  def g(): return 1, 2, 3\n  return State(1, 2, 3)", 0, 1),
        ("lambda a, b: (a, b)", 2, 2),
    ],
)
def test_the_counts_are_right(source, arguments, returned):
    tree = ast.parse(source).body[0]
    function = tree.value if isinstance(tree, ast.Expr) else tree
    assert count_arguments(function) == arguments
    assert count_returned(function) == returned
