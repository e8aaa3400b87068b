"""Loyalty points: customers are awarded points and redeem them. The functions know nothing of sagas; participant.py does."""
import argparse, re, sqlite3, sys
from collections import namedtuple
from participant import Problem, Refusal, Service

MOST = 1_000_000
TABLES = "create table if not exists accounts (customer text primary key, points integer not null, redeemed integer not null);"

def award(db, customer, points):
    move(db, customer, points, 0)
    if balance(db, customer)[0] > MOST:  # what was written is rolled back with the refusal
        raise Refusal("over-limit", f"an account holds {MOST} points at most")
    return {"customer": customer, "points": balance(db, customer)[0]}

def take_back(db, customer, points):
    if balance(db, customer)[0] < points:
        raise Refusal("spent", "the points have been redeemed")
    move(db, customer, -points, 0)

def redeem(db, customer, points):
    if balance(db, customer)[0] < points:
        raise Refusal("too-few-points", f"there are fewer than {points} points")
    move(db, customer, -points, points)
    return {"customer": customer, "points": balance(db, customer)[0]}

def give_back(db, customer, points):
    move(db, customer, points, -points)

def move(db, customer, points, redeemed):
    db.execute("""insert into accounts values (?, ?, ?) on conflict (customer)
        do update set points = points + excluded.points, redeemed = redeemed + excluded.redeemed""", [customer, points, redeemed])

def balance(db, customer):
    return db.execute("select points, redeemed from accounts where customer = ?", [customer]).fetchone() or (0, 0)

def read(body):
    customer, points = (body.get("customer"), body.get("points")) if isinstance(body, dict) else (None, None)
    if not isinstance(customer, str) or not re.fullmatch(r"[A-Za-z0-9._~-]{1,64}", customer):
        raise Problem(422, "invalid", "customer must be 1 to 64 letters, digits or ._~-")
    if type(points) is not int or not 0 < points < 1_000_000_000:
        raise Problem(422, "invalid", "points must be a whole number above 0")
    return {"customer": customer, "points": points}

def view(db, route):
    if route.startswith("GET /accounts/"):
        return dict(zip(("points", "redeemed"), balance(db, route[len("GET /accounts/"):])))

Action = namedtuple("Action", "name route read do undo")
ACTIONS = [Action("award", "POST /awards", read, award, take_back), Action("redeem", "POST /redemptions", read, redeem, give_back)]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Loyalty points, as a participant of sagas.")
    parser.add_argument("--port", type=int, default=7200, help="0: any that is free (default: 7200)")
    parser.add_argument("--file", default="loyalty.db", help="the SQLite database (default: loyalty.db)")
    options = parser.parse_args()
    try:
        service = Service(options.port, options.file, TABLES, ACTIONS, view)
    except (OSError, OverflowError, sqlite3.Error) as error:
        sys.exit(f"It cannot start on port {options.port} with {options.file}: {error}")
    with service:
        print(f"Loyalty points: http://127.0.0.1:{service.server_port}", flush=True)
        try:
            service.serve_forever()
        except KeyboardInterrupt:
            pass
