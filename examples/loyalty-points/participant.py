"""Taking part in sagas as docs/participants.md says, with Python's standard library and SQLite.

One row a key, written in the transaction of the effect. `begin immediate` lets in one writer at a time: nobody ever sees
anything half done, and a seal waits for whatever is under way. A service with many writers needs the locks of the document.
"""
import hashlib, json, re, sqlite3, sys, threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

KEPT = timedelta(days=90)  # how long operations are kept, counted from the start of their saga
BODY_LIMIT, PAGE, WAIT_SECONDS = 65_536, 200, 0.5
PART = r"(?!\.{1,2}(?:[/:]|$))[A-Za-z0-9._~-]{1,128}"
SAGA = rf"(?:recover:)?[a-z][A-Za-z0-9]{{0,63}}:{PART}"
KEY = re.compile(rf"({SAGA})/([a-z][A-Za-z0-9]{{0,63}})(?::({PART}))?")
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", re.I)
OPERATIONS = "/saga-operations"
TABLES = """
pragma journal_mode = wal; pragma synchronous = full;
create table if not exists operations (position integer primary key, key text unique not null, saga text not null, action text,
  state text not null, fingerprint text, input text, status integer, body text, saga_started text, started text, ended text);
create index if not exists operations_of_saga on operations (saga, position);
create table if not exists seals (saga text primary key, saga_started text);
"""

class Refusal(Exception):
    """A business no: thrown by an action it is stored, thrown by an undo it leaves everything as it was."""
    def __init__(self, code, detail):
        super().__init__(detail)
        self.code = code

class Problem(Exception):
    """Nothing happened, and nothing is stored."""
    def __init__(self, status, type, detail=None):
        self.status, self.text = status, problem_text(status, type, detail or type)

def problem_text(status, type, detail):
    return json.dumps({"type": f"urn:amends:{type}", "title": detail, "status": status})

# Each of these answers (status, body, whether it was there before), and runs in one transaction.

def do(db, key, started, action, body):
    fingerprint = hashlib.sha256(json.dumps([action.route, body], sort_keys=True).encode()).hexdigest()
    row = find(db, key)
    if row:
        if row["state"] == "blocked":
            raise Problem(409, "blocked")
        if row["fingerprint"] != fingerprint:
            raise Problem(422, "key-mismatch")
        if row["state"] == "undone":
            raise Problem(409, "undone")
        return row["status"], row["body"], True
    saga_started = young(started)
    if is_sealed(db, saga_of(key)):
        raise Problem(409, "sealed")
    given = action.read(body)
    db.execute("savepoint effect")
    try:
        state, status, text = "done", 200, json.dumps(action.do(db, **given))
    except Refusal as no:
        db.execute("rollback to effect")
        state, status, text = "refused", 409, problem_text(409, f"refused:{no.code}", str(no))
    insert(db, key, saga_started, state, action=action.name, fingerprint=fingerprint, input=json.dumps(given), status=status, body=text)
    return status, text, False

def undo(db, key, started, actions):
    row = find(db, key)
    if row is None:
        return 200, operation(insert(db, key, young(started), "blocked")), False
    if row["state"] != "done":
        return 200, operation(row), True
    action = next(each for each in actions if each.name == row["action"])
    if action.undo is None:
        raise Problem(409, "undo-refused:no-undo")
    try:
        action.undo(db, **json.loads(row["input"]))
    except Refusal as no:
        raise Problem(409, f"undo-refused:{no.code}", str(no)) from None
    db.execute("update operations set state = 'undone', ended = ? where key = ?", [now(), key])
    return 200, operation(find(db, key)), False

def settle(db, key, started):
    row = find(db, key)
    return 200, operation(row or insert(db, key, young(started), "blocked"), with_answer=True), row is not None

def seal(db, saga, started, cursor):
    known = is_sealed(db, saga)
    if not known:
        db.execute("insert into seals values (?, ?)", [saga, young(started)])
    return 200, page(db, saga, cursor), known

def page(db, saga, cursor):
    if not re.fullmatch(r"\d{1,15}", cursor):
        raise Problem(400, "bad-request", "the cursor is none of this list")
    rows = db.execute("select * from operations where saga = ? and position > ? order by position limit ?",
                      [saga, int(cursor), PAGE + 1]).fetchall()
    items = [json.loads(operation(row)) for row in rows[:PAGE]]
    more = str(rows[PAGE - 1]["position"]) if len(rows) > PAGE else None
    return json.dumps({"saga": saga, "sealed": is_sealed(db, saga), "items": items, "next": more})

def operation(row, with_answer=False):
    _, step, instance = KEY.fullmatch(row["key"]).groups()
    told = with_answer and row["state"] in ("done", "refused")
    return json.dumps({
        "key": row["key"], "saga": row["saga"], "step": step, "instance": instance, "action": row["action"],
        "state": row["state"], "startedAt": row["started"], "endedAt": row["ended"],
        "answer": {"status": row["status"], "body": json.loads(row["body"])} if told else None})

def find(db, key):
    return db.execute("select * from operations where key = ?", [key]).fetchone()

def insert(db, key, saga_started, state, **more):
    row = {"key": key, "saga": saga_of(key), "state": state, "saga_started": saga_started, "started": now(), "ended": now(), **more}
    db.execute(f"insert into operations ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()])
    return find(db, key)

def is_sealed(db, saga):
    return db.execute("select 1 from seals where saga = ?", [saga]).fetchone() is not None

def saga_of(key):
    return key.rsplit("/", 1)[0]

def young(started):
    """Saga-Started, which counts only where a key is not known yet: of an older saga it may have been, and been purged."""
    if not started:
        raise Problem(400, "started-missing")
    try:
        day_and_time, zone = TIME.fullmatch(started).groups()
        at = datetime.fromisoformat(day_and_time.upper() + zone.upper().replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        raise Problem(400, "started-invalid") from None
    if at < datetime.now(timezone.utc) - KEPT:
        raise Problem(410, "expired")
    return at.astimezone(timezone.utc).isoformat()

def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

def read_json(text):
    def number(digits):  # 1.0 and 1 are one JSON value
        return int(float(digits)) if float(digits) == int(float(digits)) else float(digits)
    def no_number(name):
        raise ValueError(f"{name} is no JSON")
    try:
        return json.loads(text.decode(), parse_float=number, parse_constant=no_number) if text else None
    except (ValueError, OverflowError, RecursionError) as error:
        raise Problem(400, "not-json", str(error)) from None

class Handler(BaseHTTPRequestHandler):
    protocol_version, wbufsize, timeout = "HTTP/1.1", -1, 60

    def answer(self):
        try:
            self.respond(*self.answered(urlsplit(self.path), self.body()))
        except Problem as problem:
            self.respond(problem.status, problem.text)
        except sqlite3.OperationalError as error:  # somebody else's lock, a full disk: nothing is committed
            self.respond(503, problem_text(503, "unavailable", str(error)))
        except Exception:
            self.respond(500, problem_text(500, "internal", "something broke"))
            raise

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def answered(self, url, body):
        route, query = f"{self.command} {url.path}", dict(parse_qs(url.query))
        [cursor] = query.get("cursor", ["0"])[:1]
        action = next((each for each in self.server.actions if each.route == route), None)
        if action or route in [f"POST {OPERATIONS}/{op}" for op in ("undo", "settle", "seal")]:
            key, started = self.key(is_saga=route.endswith("/seal")), self.headers.get("Saga-Started")
            value = read_json(body)
            if action and not body:
                raise Problem(400, "not-json", "the body is empty")
            with self.server.transaction() as db:
                if action:
                    return do(db, key, started, action, value)
                if route.endswith("/undo"):
                    return undo(db, key, started, self.server.actions)
                return settle(db, key, started) if route.endswith("/settle") else seal(db, key, started, cursor)
        with self.server.transaction() as db:
            if route == f"GET {OPERATIONS}" and "saga" in query:
                return 200, page(db, query["saga"][0], cursor), False
            row = find(db, unquote(url.path[len(OPERATIONS) + 1:])) if route.startswith(f"GET {OPERATIONS}/") else None
            seen = operation(row) if row else json.dumps(self.server.view(db, route))
            if seen == "null":
                raise Problem(404, "not-found")
            return 200, seen, False

    def key(self, is_saga):
        key = re.sub(r'^"(.*)"$', r"\1", self.headers.get("Idempotency-Key", "").strip())
        if not key:
            raise Problem(400, "key-missing")
        if len(key) > 400 or not (re.fullmatch(SAGA, key) if is_saga else KEY.fullmatch(key)):
            raise Problem(400, "key-invalid")
        return key

    def body(self):
        length = self.headers.get("Content-Length", "0")
        self.close_connection |= "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > BODY_LIMIT
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            raise Problem(411, "bad-request", "a Content-Length is needed")
        if int(length) > BODY_LIMIT:
            self.rfile.read(min(int(length), 16 * BODY_LIMIT))  # or the sender would not come to read the answer
            raise Problem(413, "too-large")
        return self.rfile.read(int(length))

    def respond(self, status, text, replayed=False):
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status < 300 else "application/problem+json")
        self.send_header("Content-Length", str(len(text.encode())))
        if replayed:
            self.send_header("Idempotent-Replayed", "true")
        if status == 503:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass

class Service(ThreadingHTTPServer):
    """`actions` have a name, a route, read(body), do(db, …) and undo(db, …) or None; `view(db, route)` answers any other GET."""
    request_queue_size, daemon_threads = 128, True

    def __init__(self, port, file, tables, actions, view):
        self.actions, self.view, self.turn = actions, view, threading.Lock()
        self.db = sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(TABLES + tables)
        with self.transaction() as db:  # a saga's rows have one start, and are purged together
            old = (datetime.now(timezone.utc) - KEPT).isoformat()
            db.execute("delete from operations where saga_started < ?", [old])
            db.execute("delete from seals where saga_started < ?", [old])
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client):
        if not isinstance(sys.exc_info()[1], OSError):  # who hangs up is no news
            super().handle_error(request, client)

    @contextmanager
    def transaction(self):
        if not self.turn.acquire(timeout=WAIT_SECONDS):
            raise Problem(503, "busy")
        try:
            self.db.execute("begin immediate")
            yield self.db
            self.db.execute("commit")
        finally:
            if self.db.in_transaction:
                self.db.execute("rollback")
            self.turn.release()
