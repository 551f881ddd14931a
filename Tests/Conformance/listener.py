"""What the suite itself serves: key sets, sector documents, and the doors where the provider calls back (logout tokens, CIBA pings)."""

import http.server
import json
import threading
import time
import urllib.parse


class Call:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.at = time.time()

    @property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


class Listener:
    def __init__(self, port):
        self.port, self.base = port, f"http://127.0.0.1:{port}"
        self.documents = {}  # path → (type, bytes)
        self.answers = {}  # path → function of the call that gives (status, headers, body)
        self.calls = []
        self.arrived = threading.Condition()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0))
                status, headers, content = listener.receive(Call(self.command, self.path, self.headers, body))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = handle_any

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def receive(self, call):
        path = call.path.split("?")[0]
        with self.arrived:
            self.calls.append(call)
            self.arrived.notify_all()
        if path in self.answers:
            return self.answers[path](call)
        if path in self.documents:
            kind, content = self.documents[path]
            return 200, {"Content-Type": kind, "Cache-Control": "no-store"}, content
        return (204, {}, b"") if call.method == "POST" else (404, {}, b"")

    def publish(self, path, value, kind="application/json"):
        self.documents[path] = (kind, value if isinstance(value, bytes) else json.dumps(value).encode())
        return self.base + path

    def wait_for(self, matches, seconds=10):
        """The first call for which `matches(call)` holds, within so many seconds; None otherwise."""
        deadline = time.time() + seconds
        with self.arrived:
            while True:
                found = next((call for call in self.calls if matches(call)), None)
                if found or time.time() >= deadline:
                    return found
                self.arrived.wait(max(0.01, deadline - time.time()))

    def stop(self):
        self.server.shutdown()
