"""Sites of strangers, in the browser of somebody who is logged in: forms that submit themselves, pictures that log out, frames."""

import html
import http.server
import json
import threading
import urllib.parse


class Stranger:
    """Pages of another site (`cross-site`: localhost) and of a neighbour on our own host (`same-site`: another port), which gets our cookies."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                body = page(query).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    pass  # the window was closed

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        port = self.server.server_address[1]
        self.sites = {"cross-site": f"http://localhost:{port}", "same-site": f"http://127.0.0.1:{port}"}

    def address(self, site, **what):
        return self.sites[site] + "/?" + urllib.parse.urlencode({name: json.dumps(value) for name, value in what.items()})

    def stop(self):
        self.server.shutdown()


def page(query):
    """Whatever the address asks for: a `form` that goes by itself, `pictures`, `frames`."""
    told = {name: json.loads(values[0]) for name, values in query.items()}
    parts = ["<!DOCTYPE html><title>stranger</title>"]
    parts += [f'<img alt="" src="{html.escape(address)}">' for address in told.get("pictures", [])]
    parts += [f'<iframe src="{html.escape(address)}"></iframe>' for address in told.get("frames", [])]
    if "form" in told:
        parts.append(f'<form method="post" action="{html.escape(told["form"]["action"])}">')
        parts += [f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">' for name, value in told["form"]["fields"]]
        parts.append("</form><script>HTMLFormElement.prototype.submit.call(document.forms[0])</script>")
    return "".join(parts)


def post(world, window, site, form):
    """The status and text of what a form brings that a stranger's page submits in this window's browser."""
    tab = window.context.new_page()  # with scripts, whatever the window has
    try:
        tab.goto(world.stranger.address(site, form=form))
        tab.wait_for_url(lambda url: not url.startswith(world.stranger.sites[site]))
        tab.wait_for_load_state("load")
        answers = [d for d in window.documents if d[1].split("#")[0] == tab.url.split("#")[0]]
        return (answers[-1][0] if answers else 0), tab.locator("body").inner_text()
    finally:
        tab.close()
