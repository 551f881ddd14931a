"""Debian's Chromium, headless, at a running server: citizens log in with the certificate of their card, agree, go on to other services, look
at what was told of them and log out; officers work at the console; a television is used with the arrows of its remote control. Every page is
looked at by axe and kept as a picture in both languages, and what lives in browsers only is tried there. See README.md."""

import argparse
import os
import shutil
import signal
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import run as R  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from run import check  # noqa: E402
from screens import walks  # noqa: E402
from screens.chromium import Watchdog  # noqa: E402
from screens.deployment import Deployment  # noqa: E402
from screens.world import World  # noqa: E402

PATIENCE = 900  # seconds for one walk, on a machine that has much else to do
ARTEFACTS = os.path.join(HERE, "artefacts", "screens")


def attempt(name, part, world, language):
    """Each part by itself: what breaks off one is counted and does not keep the others from being seen."""
    began = time.monotonic()
    try:
        with Watchdog(PATIENCE):
            part(world, language)
    except Exception as error:
        ours = [f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.line}" for frame in traceback.extract_tb(error.__traceback__) if HERE in frame.filename]
        check(f"{name}: goes through to its end", False, "\n      ".join(ours) + f"\n      {type(error).__name__}: {str(error)[:900]}")
        world.close_windows()
        if world.platform.server.poll() is not None:
            raise RuntimeError(f"the server ended with {world.platform.server.poll()}") from error
    print(f"      {name}: {time.monotonic() - began:.1f} s", flush=True)


def test(platform, arguments):
    shutil.rmtree(ARTEFACTS, ignore_errors=True)
    with sync_playwright() as playwright:
        world = World(platform, playwright, ARTEFACTS)
        try:
            world.register()
            for name, part, languages in walks.ALL:
                if arguments.only and not any(word in name for word in arguments.only):
                    continue
                for language in languages:
                    attempt(f"{name} ({language})" if len(languages) > 1 else name, part, world, language)
            world.looking.report(os.path.join(ARTEFACTS, "axe.json"))
            if not arguments.only:
                walks.every_page_in_both_languages(world)
            print(f"      {len(world.looking.seen)} pages looked at in {world.looking.seconds:.0f} s; pictures in {ARTEFACTS}; longest {world.looking.slowest}", flush=True)
        finally:
            world.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", default=".build/debug")
    parser.add_argument("--only", action="append", help="the walks with this in their name; may be said several times")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was put on this machine is taken away again
    platform = Deployment(arguments.binaries)
    return R.carry_out("screens", platform, lambda: test(platform, arguments))


if __name__ == "__main__":
    sys.exit(main())
