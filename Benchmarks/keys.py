"""Signatures by a key in a file beside one in SoftHSM, loaded into the process and behind a socket, and beside `openssl speed`, in one run.

    python3 Benchmarks/keys.py --binaries .build/release [--seconds 3] [--threads 2]

Measures `sekisho keys measure`: what a login pays for its signature, with our own encoding and checks, from so many threads at once. Debian packages:
softhsm2, p11-kit, p11-kit-modules, openssl. Prints a Markdown table. CPU is that of our process; a token behind a socket pays for itself in its own."""

import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
CLIENT = next(iter(glob.glob("/usr/lib/*/pkcs11/p11-kit-client.so")), None)
KINDS = [("RSA-2048", "RS256", "rsa2048", "rsa2048"), ("P-256", "ES256", "p256", "ecdsap256")]


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


def openssl(name, seconds, threads):
    """Signatures per second; `openssl speed` counts the CPU seconds of one process itself."""
    def rate(text):
        line = [l for l in text.splitlines() if re.match(r"\s*(rsa 2048|256 bits ecdsa)", l)][-1]
        numbers = re.findall(r"\d+\.\d+(?!s)\b|\d+\.\d+(?=\s|$)", line)
        return float(numbers[-2])
    alone = rate(run("openssl", "speed", "-seconds", str(seconds), name))
    return rate(run("openssl", "speed", "-seconds", str(seconds), "-multi", str(threads), name)), alone


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=".build/release")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    sekisho = os.path.join(os.path.abspath(options.binaries), "sekisho")
    folder = tempfile.mkdtemp(prefix="sekisho-keys-")
    server = None
    try:
        os.makedirs(folder + "/tokens")
        with open(folder + "/softhsm2.conf", "w") as f:
            f.write(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = folder + "/softhsm2.conf"
        os.environ["P11_KIT_SERVER_ADDRESS"] = f"unix:path={folder}/socket"
        with open(os.open(folder + "/pin", os.O_WRONLY | os.O_CREAT, 0o400), "w") as f:
            f.write("1234")
        run("softhsm2-util", "--init-token", "--free", "--label", "Bench", "--so-pin", "5678", "--pin", "1234")
        deployment = folder + "/deployment"
        run(sekisho, "init", deployment, "--mode", "development", "--base-url", "http://127.0.0.1:8080")
        place = ["--deployment", deployment]
        if CLIENT:
            server = subprocess.Popen(["p11-kit", "server", "-f", "-n", folder + "/socket", "--provider", SOFTHSM, "pkcs11:token=Bench"],
                                      stdout=subprocess.DEVNULL, start_new_session=True)
            time.sleep(1)
        for name, algorithm, kind, _ in KINDS:
            run(sekisho, "keys", "generate", "openid-signing", "--algorithm", algorithm, "--kind", kind, "--name", f"{name}-file", *place)
            run(sekisho, "keys", "next", "openid-signing", "--algorithm", algorithm, "--token", f"pkcs11:token=Bench;object={name}", "--generate",
                kind, "--module", SOFTHSM, "--pin-source", f"file:{folder}/pin", "--name", f"{name}-token", *place)
            if CLIENT:
                run(sekisho, "keys", "next", "openid-signing", "--algorithm", algorithm, "--token",
                    f"pkcs11:token=Bench;object={name}-far?module-path={CLIENT}", "--generate", kind, "--name", f"{name}-far", *place)
        print(f"{os.cpu_count()} cores, {options.threads} threads, {options.seconds} s each\n")
        print("| key | where | signatures/s | per CPU second | slowest |")
        print("|---|---|---:|---:|---:|")
        for name, _, _, speed in KINDS:
            many, alone = openssl(speed, options.seconds, options.threads)
            print(f"| {name} | `openssl speed`, {options.threads} processes | {many:.0f} | {alone:.0f} | |")
            for where, text in (("file", "file"), ("token", "SoftHSM, in the process"), ("far", "SoftHSM, behind p11-kit")):
                if where == "far" and not CLIENT:
                    continue
                line = json.loads(run(sekisho, "keys", "measure", f"{name}-{where}", "--seconds", str(options.seconds), "--threads",
                                      str(options.threads), "--json", *place))
                note = f", {line['failures']} refused" if line["failures"] else ""
                cpu = "its own process" if where == "far" else line["perCPUSecond"]
                print(f"| {name} | {text} | {line['perSecond']}{note} | {cpu} | {line['slowestMilliseconds']} ms |", flush=True)
    finally:
        if server:
            os.killpg(server.pid, 9)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
