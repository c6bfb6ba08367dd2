#!/usr/bin/env python3
"""Does one odd or hostile thing to the server it was given, for bench/relay/odd.

Ends with 0 after it has logged rows 0 to 4 as anybody does, unless the oddity is that it cannot. What
it saw is a line of JSON in $PROGRAM_LOG.
"""

import argparse
import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

KINDS = ["calm", "token", "foreign", "body", "flood", "paths", "ranks", "shared", "fork", "never", "half",
         "login", "offline"]  # fmt: skip
words = argparse.ArgumentParser()
words.add_argument("--kind", choices=KINDS, required=True)
words.add_argument("--rank", type=int, default=-1)
chosen = words.parse_args()

BASE = os.environ.get("WANDB_BASE_URL", "")
KEY = os.environ.get("WANDB_API_KEY", "")
RUN = os.environ.get("WANDB_RUN_ID", "none")
place = urllib.parse.urlsplit(BASE)


def tell(**more):
    """What it saw."""
    line = {"event": "odd", "kind": chosen.kind, "run": RUN,
            "epoch": int(os.environ.get("SWEEP_RUNNER_EPOCH", "0")), **more}  # fmt: skip
    handle = os.open(os.environ["PROGRAM_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, (json.dumps(line) + "\n").encode())
    os.close(handle)


def headers(key=KEY):
    """Those of a request with a key."""
    pair = base64.b64encode(("api:" + key).encode()).decode()
    return {"Authorization": "Basic " + pair, "Content-Type": "application/json"}


def ask(method, path, body=None, key=KEY):
    """Status and text of an answer; 0 and the reason where there is none."""
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    try:
        connection.request(method, path, body, headers(key))
        answer = connection.getresponse()
        return answer.status, answer.read(4000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as failed:
        return 0, str(failed)
    finally:
        connection.close()


def upsert(run, key=KEY):
    """An UpsertBucket as the client sends it."""
    query = ("mutation UpsertBucket($name:String,$project:String,$entity:String,$config:JSONString)"
             "{upsertBucket(input:{name:$name,modelName:$project,entityName:$entity,config:$config})"
             "{bucket{id name project{name entity{name}}} inserted}}")  # fmt: skip
    variables = {"name": run, "project": os.environ.get("WANDB_PROJECT"), "config": '{"odd":{"value":1}}',
                 "entity": os.environ.get("WANDB_ENTITY")}  # fmt: skip
    body = {"query": query, "variables": variables, "operationName": "UpsertBucket"}
    return ask("POST", "/graphql", json.dumps(body), key)


def stream(run, body, key=KEY):
    """A post to the stream of a run."""
    path = "/files/%s/%s/%s/file_stream" % (
        os.environ.get("WANDB_ENTITY") or "fake-entity", os.environ.get("WANDB_PROJECT"), run)
    return ask("POST", path, body if isinstance(body, (bytes, str)) else json.dumps(body), key)


def rows(*texts, offset=0):
    """A post's body with history lines."""
    return {"files": {"wandb-history.jsonl": {"offset": offset, "content": list(texts)}}}


def calm(**settings):
    """Rows 0 to 4, as anybody logs them."""
    import wandb

    run = wandb.init(config={"kind": chosen.kind}, **settings)
    for k in range(5):
        run.log({"k": k})
    run.finish()
    return run.id


def token():
    bad = "f" * 40
    seen = [upsert(RUN, bad), stream(RUN, rows('{"k":99,"_step":99}'), bad), upsert(RUN, ""),
            stream(RUN, rows('{"k":98,"_step":98}'), "")]  # fmt: skip
    tell(statuses=[status for status, _ in seen], texts=[text[:300] for _, text in seen])
    calm()


def foreign():
    """Writes to another point of the sweep, by the id that its folder has."""
    calm()
    folder = os.environ["OUT_DIR"]
    while not os.path.basename(folder).startswith(RUN):
        folder = os.path.dirname(folder)
    other = min(name[:8] for name in os.listdir(os.path.dirname(folder))
                if name[0] != "." and not name.startswith(RUN))  # fmt: skip
    seen = [stream(other, rows('{"k":77,"_step":77}')), upsert(other), stream(other, rows('{"k":78}', offset=5))]
    tell(statuses=[status for status, _ in seen], texts=[text[:300] for _, text in seen])


def body():
    """A gigabyte in one post, by a stream of its own so that this process stays small."""
    calm()
    size = 1 << 30
    start = b'{"files":{"output.log":{"offset":0,"content":["'
    end = b'"]}}}'
    sent, status, began = 0, 0, time.time()
    try:
        with socket.create_connection((place.hostname, place.port), timeout=120) as link:
            head = "POST /files/%s/%s/%s/file_stream HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n" % (
                os.environ.get("WANDB_ENTITY") or "fake-entity", os.environ.get("WANDB_PROJECT"), RUN,
                place.netloc, len(start) + size + len(end))  # fmt: skip
            head += "".join("%s: %s\r\n" % pair for pair in headers().items()) + "\r\n"
            link.sendall(head.encode() + start)
            block = b"x" * (1 << 20)
            for _ in range(size >> 20):
                link.sendall(block)
                sent += len(block)
            link.sendall(end)
            status = int((link.recv(4000).split(b" ") + [b"0", b"0"])[1])
    except (OSError, ValueError) as failed:
        tell(failed=str(failed))
    tell(sent=sent, status=status, seconds=time.time() - began)


def flood():
    """As many requests as eight connections carry, for five seconds."""
    calm()
    counts = [0] * 8
    request = ("POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n" % place.netloc
               + "".join("%s: %s\r\n" % pair for pair in headers().items()) + "\r\n{}").encode()  # fmt: skip
    until = time.time() + 5

    def one(number):
        while time.time() < until:
            try:
                with socket.create_connection((place.hostname, place.port), timeout=5) as link:
                    threading.Thread(target=drain, args=(link,), daemon=True).start()
                    while time.time() < until:
                        link.sendall(request * 200)
                        counts[number] += 200
            except OSError:
                time.sleep(0.01)

    def drain(link):
        try:
            while link.recv(1 << 20):
                pass
        except OSError:
            pass

    threads = [threading.Thread(target=one, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell(requests=sum(counts), after=upsert(RUN)[0])


NAMES = ["../../../escaped", os.path.join(tempfile.gettempdir(), "relay-escaped"), "a/../../escaped", "..",
         ".", "", "x" * 5000, "a\0b", "a\nb", "media/../../../../escaped", "wandb-history.jsonl", "run.json",
         "%2e%2e/escaped",
         "C:\\escaped", "a/" * 200 + "deep"]  # fmt: skip
PATHS = ["/../../../../etc/passwd", "/files/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
         "/files/a/b/..%2f..%2f..%2fetc/file_stream", "//etc/passwd", "/upload/../../escaped",
         "/files/" + "x" * 9000, "/debug/runs", "/actuator/env"]  # fmt: skip


def paths():
    query = ("mutation CreateRunFiles($entity:String!,$project:String!,$run:String!,$files:[String!]!)"
             "{createRunFiles(input:{entityName:$entity,projectName:$project,runName:$run,files:$files})"
             "{runID uploadHeaders files{name uploadUrl}}}")  # fmt: skip
    calm()
    given, answers = 0, []
    for name in NAMES:
        variables = {"entity": os.environ.get("WANDB_ENTITY") or "fake-entity", "run": RUN,
                     "project": os.environ.get("WANDB_PROJECT"), "files": [name]}  # fmt: skip
        asked = {"query": query, "variables": variables, "operationName": "CreateRunFiles"}
        status, text = ask("POST", "/graphql", json.dumps(asked))
        answers.append(status)
        try:
            files = json.loads(text)["data"]["createRunFiles"]["files"]
        except (ValueError, KeyError, TypeError):
            continue
        for file in files:
            given += 1
            split = urllib.parse.urlsplit(file["uploadUrl"])
            answers.append(ask("PUT", split.path + ("?" + split.query if split.query else ""), b"escaped")[0])
    for path in PATHS:
        for method in ("GET", "PUT", "POST"):
            status, text = ask(method, path, b"escaped")
            answers.append(status)
            if "root:" in text:
                tell(leaked=path)
    tell(statuses=sorted(set(answers)), given=given)


def ranks():
    """Two processes that both open the run of the environment, at the same time."""
    if chosen.rank >= 0:
        import wandb

        run = wandb.init()
        for k in range(20):
            run.log({"rank": chosen.rank, "k": k})
            time.sleep(0.1)
        run.finish()
        tell(rank=chosen.rank, id=run.id)
        return
    both = [subprocess.Popen([sys.executable, __file__, "--kind", "ranks", "--rank", str(k)]) for k in (0, 1)]
    tell(codes=[one.wait(120) for one in both])


def shared():
    import wandb

    run = wandb.init(settings=wandb.Settings(mode="shared"))
    for k in range(5):
        run.log({"k": k})
    run.finish()
    tell(id=run.id)


def fork():
    """A child opens the run and goes on logging when its parent has died."""
    marker = os.path.join(os.environ["OUT_DIR"], "was-here")
    if os.path.exists(marker):
        calm()
        return
    open(marker, "w").close()
    if os.fork() == 0:
        import wandb

        run = wandb.init()
        open(marker + "-and-open", "w").close()
        for k in range(600):
            try:
                run.log({"k": 1000 + k})
            except Exception as failed:
                tell(child=str(failed)[:200], k=k)
                break
            time.sleep(0.05)
        os._exit(0)
    while not os.path.exists(marker + "-and-open"):
        time.sleep(0.05)
    time.sleep(1)
    os._exit(1)


def never():
    import wandb

    marker = os.path.join(os.environ["OUT_DIR"], "was-here")
    if not os.path.exists(marker):
        run = wandb.init(resume="never")
        run.log({"k": 0})
        time.sleep(2)
        open(marker, "w").close()
        os._exit(1)
    try:
        wandb.init(resume="never")
        tell(refused=False)
    except Exception as refused:
        tell(refused=True, text=str(refused)[:300])


def half():
    """Dies in the middle of a line, with a post half sent."""
    marker = os.path.join(os.environ["OUT_DIR"], "was-here")
    if os.path.exists(marker):
        calm()
        return
    open(marker, "w").close()
    upsert(RUN)
    text = json.dumps(rows('{"k":55,"_step":0,"_timestamp":1}', '{"k":56,"_step":1,"_timestamp":1}')).encode()
    link = socket.create_connection((place.hostname, place.port), timeout=10)
    head = "POST /files/%s/%s/%s/file_stream HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n" % (
        os.environ.get("WANDB_ENTITY") or "fake-entity", os.environ.get("WANDB_PROJECT"), RUN,
        place.netloc, len(text))  # fmt: skip
    head += "".join("%s: %s\r\n" % pair for pair in headers().items()) + "\r\n"
    link.sendall(head.encode() + text[: text.index(b"56") + 1])
    time.sleep(0.5)
    tell(half=True)
    os._exit(1)


def login():
    import wandb

    try:
        wandb.login(key="e" * 40)
        calm()
        tell(refused=False)
    except Exception as refused:
        tell(refused=True, text=str(refused)[:500])


def offline():
    calm(mode="offline")


{"calm": calm, "token": token, "foreign": foreign, "body": body, "flood": flood, "paths": paths,
 "ranks": ranks, "shared": shared, "fork": fork, "never": never, "half": half, "login": login,
 "offline": offline}[chosen.kind]()  # fmt: skip
