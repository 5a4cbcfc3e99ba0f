"""What is in the repository (or would be after the next commit)."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[str, ...]:
    """Paths that git knows or would add, without what .gitignore names; from a plain copy without git, all files."""
    if (ROOT / ".git").exists():
        words = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return tuple(path for path in listed.splitlines() if (ROOT / path).is_file())
    skipped = (".venv/", "node_modules/", "test-results/", "build/", "dist/")
    found = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
    return tuple(path for path in found if not path.startswith((".", *skipped)) and "__pycache__" not in path and ".egg-info" not in path)


def text(path: str) -> str:
    """A file's text; empty for pictures and the like."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
