"""What pyproject.toml cannot say: the wheel carries the SQL project, which lies beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

#: Beside the package in a checkout, inside it when installed (see ``naome_assets.reference``).
BESIDE = ("dbt_like_sql", "workspace.yaml")
ROOT = Path(__file__).resolve().parent


class BuildWithSqlProject(build_py):
    """Copy what lies beside the package into it; an editable install finds it where it lies."""

    def run(self) -> None:
        """Build the package, then add the rest."""
        super().run()
        if not self.editable_mode:
            for source, target in self._beside():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Every file that ends in the wheel."""
        outputs: list[str] = super().get_outputs(include_bytecode)
        return outputs + [str(target) for _, target in self._beside()]

    def _beside(self) -> list[tuple[Path, Path]]:
        package = Path(self.build_lib) / "naome_assets"
        endings = {".sql", ".yml", ".yaml", ".csv", ".md"}
        made = {"target", "logs", "dbt_packages"}
        return [
            (path, package / path.relative_to(ROOT))
            for name in BESIDE
            for path in sorted([ROOT / name, *(ROOT / name).rglob("*")])
            if path.is_file()
            and path.suffix in endings
            and not made & set(path.relative_to(ROOT).parts)
        ]


setup(cmdclass={"build_py": BuildWithSqlProject})
