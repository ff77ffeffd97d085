"""A real Spark on this machine, for tests: a Spark Connect server in a process of its own.

Spark is not among the project's requirements. Tests that need it run where pyspark and Java are
(docs/engines.md says how to install them), and are skipped elsewhere.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

HAS_SPARK = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
WHY_NOT = "no Spark here: it needs Java and naome[spark], see docs/engines.md"

#: Seconds to wait for the server; Java alone takes some, and more on a busy machine.
_PATIENCE = 600.0


@dataclass
class SparkServer:
    """A Spark Connect server; ``stop`` kills it, ``start`` starts it on the same port."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def new(cls, folder: Path) -> SparkServer:
        """A server that listens, with its files in a folder."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            server = cls(folder, free.getsockname()[1])
        server.start()
        return server

    def url(self, warehouse: Path) -> str:
        """URL of a warehouse on this server."""
        return f"spark+connect://127.0.0.1:{self.port}{warehouse}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        import pyspark

        home = Path(pyspark.__file__).parent
        settings = {
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": self.port,
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": self.folder / "spill",
            "spark.sql.warehouse.dir": self.folder / "catalog",
            "spark.sql.shuffle.partitions": 2,
            "spark.ui.enabled": "false",
        }
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(home / "bin" / "spark-submit", "--master", "local[2]"),
                    *("--driver-memory", "2g"),
                    *(a for item in settings.items() for a in ("--conf", "{}={}".format(*item))),
                    *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
                    "spark-internal",
                ],
                env={**os.environ, "SPARK_HOME": str(home)},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        give_up = time.monotonic() + _PATIENCE
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > give_up:
                self.stop()
                raise RuntimeError((self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.2)

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _listens(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0
