"""The answers of `audit check --json` are the same, but for what the log is called and how it names entries and persons."""
import json, sys


def rows(path):
    for row in json.load(open(path, encoding="utf-8")):
        row.pop("log", None)
        row["entries"] = row.pop("places", row.get("entries"))
        for event in row["events"] if isinstance(row.get("events"), list) else ():
            event["entry"] = event.pop("event", event.get("entry"))
            event.pop("actor", None)
        yield row


first, *others = (list(rows(path)) for path in sys.argv[1:])
assert first[-1]["rules"] == 17 and first[-1]["vacuous"] == 0, first[-1]
for path, other in zip(sys.argv[2:], others):
    for a, b in zip(first, other):
        assert a == b, (path, a, b)
    assert len(first) == len(other)
print(first[-1]["violated"], "of", first[-1]["rules"], "rules violated, three times alike")
