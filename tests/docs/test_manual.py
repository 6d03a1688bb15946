"""The manual leaves nothing out that the code has, and names nothing that it has not."""

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from calibtool.cli.main import SUBCOMMANDS, TOP_OPTIONS
from calibtool.model import warnings as ring_warnings
from calibtool.model.pattern import pattern_warnings
from calibtool.presenter.advice import REMEDIES, SHORT
from calibtool.view import manual
from calibtool.view.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"--fail-on-warning"}


def pages(docs: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in docs.glob("*.md")}


def source() -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "calibtool").rglob("*.py"))


def test_every_warning_of_the_source_is_there_with_its_cause(made: ModuleType) -> None:
    codes = set(re.findall(r'FitWarning\(\s*"([a-z_]+)"', source()))
    assert len(codes) > 20
    assert codes == set(SHORT) == set(made.causes())
    assert set(REMEDIES) <= codes
    text = made.warnings_text()
    for code in codes:
        assert f"Code `{code}`" in text
        assert made.anchor(code) in text


def test_every_function_that_warns_has_its_sentence_there(made: ModuleType) -> None:
    said = {one.kind for one in made.warnings_said()}
    for module in (ring_warnings, pattern_warnings):
        names = re.findall(r'FitWarning\(\s*"([a-z_]+)"', Path(str(module.__file__)).read_text())
        assert names
        assert set(names) <= said


def test_every_error_of_the_source_is_there(made: ModuleType) -> None:
    begun = re.findall(r'\b(\w+Error)\(\s*f?"([^"{]{12,})', source())
    begun = [(kind, words) for kind, words in begun if hasattr(made.errors, kind)]
    assert len(begun) > 100
    text = made.errors_text()
    missing = [words for kind, words in begun if made._plain(words).strip() not in text]
    assert not missing


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_option_is_there(made: ModuleType, name: str) -> None:
    text = made.options_text().split(f"## calibtool {name}\n")[1].split("\n## ")[0]
    actions = made.actions_of(made.parser_of(name))
    assert actions
    for action in actions:
        assert action.help
        for option in action.option_strings or [made._value(action)]:
            assert f"`{option}" in text


def test_every_command_of_the_window_is_there(made: ModuleType) -> None:
    text = made.keys_text()
    assert all(f"| {command.label} | {command.tip} |" in text for command in COMMANDS)


def test_no_option_is_named_that_does_not_exist(docs: Path, made: ModuleType) -> None:
    known = {option for option, _about in TOP_OPTIONS}
    for name in SUBCOMMANDS:
        known |= set(made.parser_of(name)._option_string_actions)
    for page, text in pages(docs).items():
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
        assert named <= known | NOT_OURS, page


def test_no_target_of_make_is_named_that_does_not_exist(docs: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page, text in pages(docs).items():
        assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets, page


def test_each_name_of_the_walk_exists(docs: Path) -> None:
    names = re.findall(r"`(calibtool[\w.]+)`", (docs / "walk.md").read_text(encoding="utf-8"))
    assert len(names) > 30
    for name in names:
        assert resolved(name) is not None


def resolved(name: str) -> object:
    """What a dotted name stands for; raises where it stands for nothing."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise AssertionError(f"{name} does not exist")


def test_the_pages_that_the_window_opens_exist(docs: Path) -> None:
    text = Path(str(manual.__file__)).read_text(encoding="utf-8")
    targets = set(re.findall(r'"(\w+)\.html(?:#([\w-]+))?"', text))
    assert len(targets) > 5
    for page, place in targets:
        content = (docs / f"{page}.md").read_text(encoding="utf-8")
        titles = {re.sub(r"\W+", "-", t.lower()) for t in re.findall(r"^#+ (.+)$", content, re.M)}
        assert not place or place in titles


@pytest.mark.parametrize("width", [1.0, 2.5])
def test_the_counts_are_those_of_the_bound(made: ModuleType, width: float) -> None:
    # Without background each count tells the radius to the width: σ_x = width·√(2/N).
    assert made.counts_needed(width, float("inf")) == pytest.approx(2 * (width / 0.01) ** 2, 1e-3)
    assert made.counts_needed(width, 0.1) > made.counts_needed(width, 1.0)


def test_without_a_benchmark_no_figure_is_invented(
    made: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "RESULTS", tmp_path / "none")
    assert "no figures" in made.figures_text()
    assert not re.search(r"\d", made.figures_text())
