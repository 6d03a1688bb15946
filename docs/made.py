"""The pages of the manual that are made from the code, so that nothing in it is left out."""

import argparse
import ast
import functools
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

import calibtool
from calibtool import errors
from calibtool.cli.main import SUBCOMMANDS, usage
from calibtool.presenter.advice import REMEDIES, SHORT
from calibtool.view.commands import COMMANDS, Command
from calibtool.view.keys import accelerator
from calibtool.view.shell import MENUS
from calibtool.view.window_system import WindowSystem

HERE = Path(__file__).parent
MADE = HERE / "made"
PICTURES = HERE / "pictures"
"""Where ``make docs`` has the window photographed."""

RESULTS = HERE.parent / "bench-results"
PACKAGE = Path(calibtool.__file__).parent

WIDTHS_PX = (1.0, 2.0, 4.0, 8.0)
HEIGHTS = (np.inf, 10.0, 3.0, 1.0, 0.3, 0.1)
"""Height of a ring over its background, for the table of counts."""

WANTED_PX = 0.01


@dataclass(frozen=True)
class Said:
    """Something the program says, as the source has it: its kind, its text, and where."""

    kind: str
    text: str
    place: str


def write_pages(folder: Path = MADE) -> None:
    """Write all pages that are made."""
    folder.mkdir(exist_ok=True)
    pages = {
        "warnings": warnings_text(), "errors": errors_text(), "options": options_text(),
        "keys": keys_text(), "counts": counts_text(), "figures": figures_text(),
    }  # fmt: skip
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")


def write_pictures() -> None:
    """Draw a picture for each warning, and make those of the window small (128 colours)."""
    import scenes
    from PIL import Image

    scenes.write_pictures(MADE / "warnings")

    (MADE / "pictures").mkdir(parents=True, exist_ok=True)
    for path in sorted(PICTURES.glob("*.png")):
        name = path.name.partition("-")[0] + ".png"
        picture = Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE)
        picture.save(MADE / "pictures" / name, optimize=True)


def warnings_said() -> list[Said]:
    """Every warning in the source, by its code."""
    return [said for said in _all_said() if re.fullmatch("[a-z_]+", said.kind)]


def errors_said() -> list[Said]:
    """Every sentence of an error in the source, by its class."""
    return [said for said in _all_said() if said.kind.endswith("Error")]


def causes() -> dict[str, str]:
    """Why each warning comes, by its code."""
    text = (HERE / "causes.toml").read_text(encoding="utf-8")
    return {code: str(cause).strip() for code, cause in tomllib.loads(text).items()}


def warnings_text() -> str:
    """A section for each code: the short line, the cause, the sentences, the button."""
    said = warnings_said()
    why = causes()
    parts = []
    for code in sorted({one.kind for one in said}, key=lambda code: SHORT[code].casefold()):
        sentences = "\n".join(f"> {one.text}\n" for one in said if one.kind == code)
        remedy = REMEDIES.get(code)
        button = f"\nThe button *{remedy.label}* beside it helps.\n" if remedy else ""
        parts.append(
            f"({anchor(code)})=\n### {SHORT[code]}\n\n"
            f"![{SHORT[code]}](made/warnings/{code}.png)\n\nCode `{code}`. {why[code]}\n\n"
            f"The program says:\n\n{sentences}{button}"
        )
    return "\n".join(parts)


def anchor(code: str) -> str:
    """Name of the place of a warning in the page."""
    return "code-" + code.replace("_", "-")


def errors_text() -> str:
    """The sentences of all errors, by what they are about."""
    parts = []
    for name, kind in vars(errors).items():
        own = [one for one in errors_said() if one.kind == name]
        if own:
            about = (kind.__doc__ or "").strip().splitlines()[0]
            sentences = "\n".join(f"- {text}" for text in sorted({one.text for one in own}))
            parts.append(f"### {name}\n\n{about} Exit code {kind.exit_code}.\n\n{sentences}\n")
    return "\n".join(parts)


def options_text() -> str:
    """Every subcommand with every option."""
    parts = [f"```text\n{usage()}```\n"]
    for name, about in SUBCOMMANDS.items():
        parser = parser_of(name)
        words = parser.format_usage().removeprefix("usage: ")
        parts.append(f"## calibtool {name}\n\n{about[0].upper()}{about[1:]}.\n")
        parts.append(f"```text\n{words}```\n")
        parts.append("\n".join(_option(action) for action in actions_of(parser)))
        parts.append(f"{parser.epilog or ''}\n")
    return "\n".join(parts)


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of a subcommand."""
    module = import_module(f"calibtool.cli.{name.replace('-', '_')}")
    parser: argparse.ArgumentParser = module.options_parser()
    return parser


def actions_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a parser takes, but its help."""
    return [action for action in parser._actions if "--help" not in action.option_strings]


def _option(action: argparse.Action) -> str:
    value = f" {_value(action)}" if action.nargs != 0 and action.option_strings else ""
    names = ", ".join(f"`{name}{value}`" for name in action.option_strings) or f"`{_value(action)}`"
    help_text = (action.help or "").replace("%%", "%")
    return f"{names}\n: {help_text[:1].upper()}{help_text[1:]}.\n"


def _value(action: argparse.Action) -> str:
    if action.choices:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return str(action.metavar or action.dest)


def keys_text() -> str:
    """Every command of the window by menu, with its keys."""
    system = WindowSystem("x11")
    parts = []
    for menu in MENUS:
        rows = [_row(command, system) for command in COMMANDS if command.menu == menu]
        head = "| command | what it does | keys |\n|---|---|---|"
        parts.append("\n".join([f"## {menu}\n", head, *rows, ""]))
    return "\n".join(parts)


def _row(command: Command, system: WindowSystem) -> str:
    keys = ", ".join(accelerator(key, system) for key in command.keys)
    return f"| {command.label} | {command.tip} | {keys} |"


def counts_needed(width_px: float, height: float, sigma_px: float = WANTED_PX) -> float:
    """Least counts in a whole ring for a σ of its centre, in each direction.

    The bound of Cramér and Rao for a ring of Gaussian profile, whose σ is ``width_px``, on a flat
    background that it exceeds ``height`` times at its top (inf: no background). Each count
    alone would tell the radial position to a width or worse; the centre along one direction has
    half of that information.
    """
    r = np.linspace(-8.0, 8.0, 4001)
    profile = np.exp(-0.5 * r**2)
    mean = profile + (0.0 if np.isinf(height) else 1.0 / height)
    information = np.trapezoid((r * profile) ** 2 / mean, r) / np.trapezoid(profile, r)
    return float(2.0 * (width_px / sigma_px) ** 2 / information)


def counts_text() -> str:
    """Table of the counts that are needed."""
    names = ["none" if np.isinf(h) else f"{h:g} : 1" for h in HEIGHTS]
    head = "| width σ of the ring | " + " | ".join(names) + " |\n|---" * 1
    rows = [head + "|---" * len(names) + "|"]
    for width in WIDTHS_PX:
        cells = [_round(counts_needed(width, height)) for height in HEIGHTS]
        rows.append(f"| {width:g} px | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def _round(number: float) -> str:
    """Two significant digits with thin gaps, as 1 200 000."""
    digits = int(np.floor(np.log10(number))) - 1
    return f"{round(number, -digits):,.0f}".replace(",", " ")


def figures_text() -> str:
    """What ``make bench`` wrote where it was run, else how to run it."""
    results = sorted(RESULTS.glob("*.json")) if RESULTS.is_dir() else []
    if not results:
        return "This manual was made where `make bench` had not been run, so it has no figures.\n"
    parts = []
    for path in results:
        head = "| figure | value | goal | met |\n|---|---|---|---|"
        rows = [_figure(row) for row in json.loads(path.read_text(encoding="utf-8"))]
        parts.append("\n".join([f"## {path.stem}\n", head, *rows, ""]))
    return "\n".join(parts)


def _figure(row: dict[str, object]) -> str:
    limit, sign = row["limit"], "≥" if row["at_least"] else "≤"
    goal = "" if limit is None else f"{sign} {limit:g}"
    met = "" if limit is None else "yes" if row["met"] else "**no**"
    return f"| {row['name']} | {row['value']:.4g} {row['unit']} | {goal} | {met} |"


@functools.cache
def _all_said() -> tuple[Said, ...]:
    """Everything that is said, read once."""
    return tuple(_read())


def _read() -> Iterator[Said]:
    kinds = {name for name in vars(errors) if name.endswith("Error")}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = path.relative_to(PACKAGE).as_posix()
        for scope in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and node.args:
                    yield from _said(node, scope, tree, kinds, place)


def _said(
    call: ast.Call, scope: ast.FunctionDef, tree: ast.Module, kinds: set[str], place: str
) -> Iterator[Said]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    first = call.args[0]
    if name in kinds:
        for text in _texts(first, scope, tree):
            yield Said(name, text, place)
    elif name == "FitWarning" and isinstance(first, ast.Constant):
        for text in _texts(call.args[1], scope, tree):
            yield Said(str(first.value), text, place)


def _texts(node: ast.expr, scope: ast.FunctionDef, tree: ast.Module) -> list[str]:
    """What an expression may say, with ‹names› for what is put in."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body, scope, tree) + _texts(node.orelse, scope, tree)
    if isinstance(node, ast.Name):
        return _assigned(node.id, scope, tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [_plain(node.value)]
    if isinstance(node, ast.JoinedStr):
        return [_plain("".join(_piece(part) for part in node.values))]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _returned(node.func.id, tree)
    return []


def _piece(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    words = re.findall(r"[A-Za-z]\w+", ast.unparse(part.value)) if _is_value(part) else []
    return f"‹{words[-1].strip('_').replace('_', ' ')}›" if words else "‹…›"


def _is_value(part: ast.expr) -> bool:
    """Whether what is put in has a plain name; of a longer expression none would be true."""
    return isinstance(part, ast.FormattedValue) and isinstance(
        part.value, ast.Name | ast.Attribute
    )


def _assigned(name: str, scope: ast.FunctionDef, tree: ast.Module) -> list[str]:
    for body in (scope, tree):
        for node in ast.walk(body):
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == name for target in node.targets
            ):
                return _texts(node.value, scope, tree)
    return []


def _returned(name: str, tree: ast.Module) -> list[str]:
    found = []
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef) and scope.name == name:
            for node in ast.walk(scope):
                if isinstance(node, ast.Return) and node.value is not None:
                    found += _texts(node.value, scope, tree)
    return found


def _plain(text: str) -> str:
    """Text in which Markdown sees nothing."""
    return re.sub(r"([*_`\[\]<>|{}$\\#])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    write_pages()
