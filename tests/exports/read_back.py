"""Reads the exports with the standard library alone and holds them against their statements."""
import csv, hashlib, json, sqlite3, sys, xml.etree.ElementTree as xml
from datetime import datetime
from pathlib import Path

folder = Path(sys.argv[1])
statements = {}
for name in ("a.csv", "a.xes", "a.json", "a.sqlite"):
    statement = statements[name] = json.loads((folder / (name + ".statement.json")).read_text("utf-8"))
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == statement["sha256"], name
    assert statement["entries_root"] == statements["a.csv"]["entries_root"], name
    assert sum(statement["counts"]["kinds"].values()) == statement["counts"]["entries"], name


def root(leaves):
    """RFC 6962, over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()


# CSV
text = (folder / "a.csv").read_bytes()
assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\r\n") >= 2
with open(folder / "a.csv", encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
counts = statements["a.csv"]["counts"]
assert len(rows) == counts["entries"] and len({row["case"] for row in rows}) == counts["cases"]
assert root([bytes.fromhex(row["leaf"]) for row in rows]).hex() == statements["a.csv"]["entries_root"]
for row in rows:
    assert not any(cell and cell[0] in "=+-@\t\r" for cell in row.values()), row
    assert datetime.fromisoformat(row["happened"]) <= datetime.fromisoformat(row["recorded"])
tags = [json.loads(row["fields"])["tags"] for row in rows if "tags" in row["fields"]]
assert tags and tags[0][0] == "=1+1", tags
assert not any("王磊" in cell for row in rows for cell in row.values())
assert any(row["with"].endswith("/party:1") for row in rows)

# XES
space = "{http://www.xes-standard.org/}"
log = xml.parse(folder / "a.xes").getroot()
traces = log.findall(space + "trace")
assert len(traces) == statements["a.xes"]["counts"]["cases"]
events = [{child.get("key"): child.get("value") for child in event} for event in log.iter(space + "event")]
assert len(events) == statements["a.xes"]["counts"]["events"]
assert len({event["identity:id"] for event in events}) == len(events)
skipped = [event for event in events if event["lifecycle:transition"] == "manualskip"]
assert len(skipped) == counts["kinds"]["waive"] == 1 and skipped[0]["concept:name"] == "handover.greet"
for event in events:
    assert datetime.fromisoformat(event["time:timestamp"]).utcoffset() is not None
    assert event["org:resource"] and event["concept:instance"]
assert {event["guan:title"] for event in events if event["concept:name"] == "handover"} == {"交车 <&>"}
names = (folder / "names.xes").read_text("utf-8")
assert "周敏" in names and "王磊" not in (folder / "a.xes").read_text("utf-8")

# OCEL: the two forms say the same
ocel = json.loads((folder / "a.json").read_text("utf-8"))
base = sqlite3.connect(folder / "a.sqlite")
assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
assert not base.execute("PRAGMA foreign_key_check").fetchall()
assert len(ocel["events"]) == len(events) == base.execute("SELECT count(*) FROM event").fetchone()[0]
assert {(o["id"], o["type"]) for o in ocel["objects"]} == set(base.execute("SELECT ocel_id, ocel_type FROM object"))
assert {t["name"] for t in ocel["objectTypes"]} == {"case", "customer", "vehicle", "actor"}
related = {(e["id"], r["objectId"], r["qualifier"]) for e in ocel["events"] for r in e["relationships"]}
assert related == set(base.execute("SELECT * FROM event_object"))
assert ("vin:LSVAU2180N2183294", "vehicle") in {(o["id"], o["type"]) for o in ocel["objects"]}
known = {o["id"] for o in ocel["objects"]}
assert all(target in known for _, target, _ in related)
declared = {t["name"]: {a["name"] for a in t["attributes"]} for t in ocel["eventTypes"]}
for event in ocel["events"]:
    assert {a["name"] for a in event["attributes"]} <= declared[event["type"]]
    assert all(isinstance(a["value"], str) for a in event["attributes"])
assert ocel["guan:statement"]["checkpoint"] == statements["a.json"]["checkpoint"]
print(len(rows), "entries,", len(events), "events,", len(known), "objects")
