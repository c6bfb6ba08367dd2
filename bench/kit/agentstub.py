"""A W&B server that knows nothing but one sweep, for the official `wandb agent`; written from its traffic.

It hands out the next point at once when an agent asks with nothing running, so that what is measured
against it is the agent alone.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENTITY, PROJECT, SWEEP = "stub-entity", "bench", "gap00001"


class AgentStub:
    """The server, in threads of this process; also a context."""

    def __init__(self, config, points):
        """config: the sweep as text of YAML; points: a dict of parameters for each run."""
        self.config = config
        self.points = list(points)
        self.given = 0
        self._lock = threading.Lock()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                asked = json.loads(self.rfile.read(length) or b"{}")
                content = json.dumps({"data": stub.answer(asked)}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d" % self._server.server_port

    def __enter__(self):
        return self

    def __exit__(self, *cause):
        self._server.shutdown()
        self._server.server_close()

    def variables(self):
        """The environment of an agent that uses it."""
        return {"WANDB_BASE_URL": self.url, "WANDB_API_KEY": "k" * 40,
                "WANDB_ERROR_REPORTING": "false"}  # fmt: skip

    def answer(self, asked):
        """The data of an answer, by what the text of the question names."""
        query, variables = asked.get("query", ""), asked.get("variables") or {}
        kinds = {"fields": [], "inputFields": [], "args": []}
        data = {name or "__type": kinds for name in re.findall(r"(?:(\w+)\s*:\s*)?__type\s*\(", query)}
        if "serverInfo" in query:
            data["serverInfo"] = {
                "cliVersionInfo": {"max_cli_version": "99.0.0", "min_cli_version": "0.0.1"},
                "latestLocalVersionInfo": {"outOfDate": False, "latestVersionString": "0.70.0",
                                           "versionOnThisInstanceString": "0.70.0"},
                "features": [],
            }  # fmt: skip
        if "viewer" in query:
            data["viewer"] = {
                "id": "u1", "entity": ENTITY, "defaultEntity": {"name": ENTITY}, "username": "stub",
                "name": "stub", "email": "stub@example.org", "flags": "{}", "admin": False,
                "teams": {"edges": [{"node": {"name": ENTITY}}]}, "apiKeys": {"edges": []},
            }  # fmt: skip
        if "createAgent" in query:
            data["createAgent"] = {"agent": {"id": "a1"}}
        if "agentHeartbeat" in query:
            commands = json.dumps(self.commands(variables))
            data["agentHeartbeat"] = {"agent": {"id": "a1"}, "commands": commands}
        if re.search(r"\bsweep\s*\(", query):
            data["project"] = {"id": "p1", "name": PROJECT, "sweep": self.sweep()}
        return data

    def sweep(self):
        return {
            "id": "s1", "name": SWEEP, "method": "grid", "state": "RUNNING", "description": None,
            "displayName": None, "config": self.config, "createdAt": "2026-01-01T00:00:00",
            "heartbeatAt": "2026-01-01T00:00:00", "updatedAt": "2026-01-01T00:00:00",
            "earlyStopJobRunning": False, "bestLoss": None, "controller": None, "scheduler": None,
            "runs": {"edges": []}, "runCount": 0,
        }  # fmt: skip

    def commands(self, variables):
        """The next run where none is running; the end where there is no more."""
        with self._lock:
            if any(json.loads(variables.get("runState") or "{}").values()):
                return []
            if self.given == len(self.points):
                return [{"type": "exit"}]
            point = self.points[self.given]
            self.given += 1
            return [{"id": "c%d" % self.given, "type": "run", "run_id": "gap%05d" % self.given,
                     "program": None, "logs": [],
                     "args": {name: {"value": value} for name, value in point.items()}}]  # fmt: skip
