"""Hostile clients of the mixed load: each tries one way to keep other clients waiting."""

from __future__ import annotations

import http.client
import random
import socket
import time

from benchmarks.load_scene import HARMLESS, Scene, ask, note

CROWD, HOLDER, SENDER = "203.0.113.3", "203.0.113.4", "203.0.113.5"
ALLOWED = (200, 408, 413, 429, 503)
ENDLESS = "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"
RUNAWAY = ENDLESS.replace("*", "(COUNT(*) AS ?n)")
SLOWLY = 30 * 1024
PART = 2**20


def overrun(scene: Scene, chance: random.Random) -> None:
    """Send runaway queries from one of two addresses, ten at a time from each."""
    address = f"203.0.113.{chance.randrange(2) + 1}"
    try:
        status, body = ask(scene, RUNAWAY, "json", client=address)
        note(scene, "hostile query", status, body, ALLOWED)
    except HARMLESS:
        scene.outcome.counts["hostile query: broke off"] += 1
    time.sleep(0.2)


def crowd(scene: Scene, _: random.Random) -> None:
    """Send runaway queries to the page for queries over many connections of one address."""
    try:
        status, body = ask(scene, RUNAWAY, "html", client=CROWD, path="/query")
        note(scene, "hostile page", status, body, ALLOWED)
    except HARMLESS:
        scene.outcome.counts["hostile page: broke off"] += 1
    time.sleep(1)


def hold_a_download(scene: Scene, _: random.Random) -> None:
    """Read a download at 30 KiB a second."""
    connection = http.client.HTTPConnection("127.0.0.1", scene.port, timeout=40)
    try:
        connection.request("GET", "/data/current.nq", headers={"X-Forwarded-For": HOLDER})
        response = connection.getresponse()
        while scene.goes_on() and response.read(SLOWLY):
            time.sleep(1)
        note(scene, "held download", response.status, b"", ALLOWED)
    except HARMLESS:
        scene.outcome.counts["held download: broke off"] += 1
    finally:
        connection.close()


def leave_an_upload(scene: Scene, _: random.Random) -> None:
    """Begin to upload a file and never end."""
    head = (
        f"POST /check HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {SENDER}\r\nContent-Length: 20000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    )
    try:
        with socket.create_connection(("127.0.0.1", scene.port), timeout=40) as connection:
            connection.sendall(head.encode() + b"1" * PART)
            time.sleep(5)
    except HARMLESS:
        pass
    scene.outcome.counts["upload left"] += 1


ATTACKS = ((20, overrun), (40, crowd), (4, hold_a_download), (10, leave_an_upload))
