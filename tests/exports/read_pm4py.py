"""PM4Py's own readers, and its rules for OCEL 2.0 in SQLite."""
import json, sys, warnings
from pathlib import Path

warnings.filterwarnings("ignore")
import pm4py
from pm4py.objects.ocel.validation import ocel20_rel_validation

folder = Path(sys.argv[1])
counts = json.loads((folder / "a.xes.statement.json").read_text("utf-8"))["counts"]

log = pm4py.read_xes(str(folder / "a.xes"))
assert len(log) == counts["events"] and log["case:concept:name"].nunique() == counts["cases"]
done = log[log["lifecycle:transition"] == "complete"]
assert list(done[done["concept:name"] == "handover.sign"]["form:vin"].unique()) == ["LSVAU2180N2183294"]
assert pm4py.get_event_attribute_values(log, "org:resource")["base/staff:2"] == 1

satisfied, unsatisfied = ocel20_rel_validation.apply(str(folder / "a.sqlite"))
assert len(satisfied) == 24 and not unsatisfied, unsatisfied
for ocel in (pm4py.read_ocel2_sqlite(str(folder / "a.sqlite")), pm4py.read_ocel2_json(str(folder / "a.json"))):
    assert len(ocel.events) == counts["events"]
    assert set(ocel.objects["ocel:type"]) == {"case", "customer", "vehicle", "actor"}
    assert str(ocel.events["ocel:timestamp"].min()).startswith("2026-03-02 02:00:00")  # 10:00 in Shanghai
    flat = pm4py.ocel_flattening(ocel, "vehicle")
    assert set(flat["concept:name"]) == {"handover.sign"} and flat["case:concept:name"].nunique() == 1
print("PM4Py", pm4py.__version__, "reads all of them")
