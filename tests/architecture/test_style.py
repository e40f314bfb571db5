"""What ruff and import-linter cannot say. To exceed a budget, change it here and say why."""

import ast
import re
from itertools import chain
from pathlib import Path

import lithomech
from support.sources import nodes

SRC, ROOT = Path(lithomech.__file__).parent, Path(__file__).parents[2]
TESTS = ROOT / "tests"
MAX_FILE, MAX_FUNCTION, MAX_LAW, MAX_METHODS = 400, 50, 15, 12
PHYSICS = ("laws", "numerics", "particle", "microstructure", "cell")
# where text becomes objects
READERS = {f"cell/spec/{name}.py" for name in ("cell", "electrodes", "fixture", "superseded")}
READERS |= {"particle/spec.py"}
# NamedTuple: the only class that numba takes into compiled code.
ROOTS = {"object", "Protocol", "BaseModel", "Strict", "ABC", "NamedTuple", "Enum"}
ROOTS |= {"KeyboardInterrupt"}  # what stops a run is one, so that notebooks know it
ROOTS |= {"Exception"}  # why a request of the page has no answer is no error of the package
ROOTS |= {"Console", "IndexDataCacheFile"}  # of rich and numba, which offer no other way in
VAGUE = {"utils", "util", "helpers", "helper", "misc", "base", "manager", "common", "tools"}
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|farm|opt|Users)/\w")
TRACKED = ("*.*", "Makefile", ".ci/*", *(f"{top}/**/*" for top in ("src", "tests", "docs")))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
TRACKED = (*TRACKED, "examples/**/*", "benchmarks/**/*")


def walk(kind, folders=("",), top=SRC):
    for folder in folders:
        for path in sorted((top / folder).rglob("*.py")):
            for node in nodes(path):
                if isinstance(node, kind):
                    yield path.relative_to(top).as_posix(), node


def body_lines(function):
    documented = ast.get_docstring(function) and len(function.body) > 1
    first = function.body[1] if documented else function.body[0]
    return function.end_lineno - first.lineno + 1


def methods(kind):
    return [n for n in kind.body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]


def bases(kind):
    return {base.id for base in kind.bases if isinstance(base, ast.Name)}


def digits(number):
    mantissa = f"{number:.10g}".partition("e")[0]
    return len(mantissa.replace(".", "").strip("0"))


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:  # a picture
        return ""


def test_files_are_short():
    files = {
        path: len(text_of(path).splitlines())
        for path in chain(SRC.rglob("*.py"), TESTS.rglob("*.py"))
    }
    assert not {path.name: lines for path, lines in files.items() if lines > MAX_FILE}


def test_functions_are_short():
    assert not [(p, f.name) for p, f in walk(FUNCTIONS) if body_lines(f) > MAX_FUNCTION]


def test_laws_are_very_short():
    laws = walk(ast.FunctionDef, folders=("laws",))
    assert not [(p, f.name) for p, f in laws if body_lines(f) > MAX_LAW]


def test_classes_are_small():
    assert not [(p, c.name) for p, c in walk(ast.ClassDef) if len(methods(c)) > MAX_METHODS]


def test_classes_are_abstract_or_final():
    for path, kind in walk(
        ast.ClassDef, folders=(*PHYSICS, "observe", "studies", "plot", "app")
    ):
        abstract = {base for base in bases(kind) if base.startswith("Abstract")}
        assert bases(kind) - abstract <= ROOTS, (
            path,
            kind.name,
            "inherits from a concrete class",
        )


def test_files_say_what_they_hold():
    assert not [path.name for path in SRC.rglob("*") if path.stem.strip("_") in VAGUE]


def test_nothing_is_told_or_said():
    """Values are reported, listed, stated; see also the table of words in CONTRIBUTING.md."""
    spoken = re.compile(r"(?<![a-z])(told|said)(?![a-z])")
    assert not [
        path.name for path in SRC.rglob("*.py") if spoken.search(path.read_text("utf-8"))
    ]


def test_physics_is_never_chosen_by_comparing_strings():
    found = [
        (path, node.lineno)
        for path, node in walk(ast.Compare, folders=PHYSICS)
        if path not in READERS
        and any(
            isinstance(c, ast.Constant) and isinstance(c.value, str) for c in node.comparators
        )
    ]
    assert not found


def test_physics_never_probes_what_an_object_is():
    calls = walk(ast.Call, folders=PHYSICS)
    probes = [(p, n.lineno) for p, n in calls if getattr(n.func, "id", "") == "hasattr"]
    assert not probes


def test_physics_holds_no_long_numbers():
    found = [
        (path, node.lineno, node.value)
        for path, node in walk(ast.Constant, folders=("laws", *PHYSICS[2:]))
        if isinstance(node.value, float) and digits(node.value) > 4
    ]
    assert not found, "data belong to materials/data"


def test_modules_import_from_the_defining_module_never_from_the_package_root():
    roots = [path for path, node in walk(ast.ImportFrom) if node.module == "lithomech"]
    roots += [
        path
        for path, node in walk(ast.Import)
        if any(a.name == "lithomech" for a in node.names)
    ]
    assert not roots


def test_oracles_know_nothing_of_the_package():
    imports = [(p, n.module) for p, n in walk(ast.ImportFrom, ("oracles",), TESTS)]
    imports += [(p, n.names[0].name) for p, n in walk(ast.Import, ("oracles",), TESTS)]
    assert not [path for path, module in imports if module.startswith("lithomech")]


def test_no_file_names_a_place_on_one_machine():
    files = {path for pattern in TRACKED for path in ROOT.glob(pattern) if path.is_file()}
    assert not [
        (path.relative_to(ROOT).as_posix(), found[0])
        for path in files
        if (found := MACHINE.search(text_of(path)))
    ]


def test_every_place_that_prints_the_version_prints_the_same():
    assert f"\nversion: {lithomech.__version__}\n" in text_of(ROOT / "CITATION.cff")
    assert f"\n## {lithomech.__version__}" in text_of(ROOT / "CHANGELOG.md")
