"""A scripted day through the public API: connect, first sync, edits, a payment, a sweep, proof."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dev_tools.console import ROOT, Stop, say
from dev_tools.day_report import Day, print_proof, print_reasons, print_rows
from dev_tools.person import Person
from dev_tools.proof import Proof, look
from dev_tools.stage import Calls, Stage
from dev_tools.system import System

ORGANISATION: Final = "Harbour & Vine Ltd"
MODULES: Final = ("accounts", "products", "invoices", "payments")
CALLS_PER_RECORD: Final = 0.1
TAXES: Final = (
    ("VAT", 20, "OUTPUT2"),
    ("Reduced VAT", 5, "RROUTPUT"),
    ("Exempt", 0, "EXEMPTOUTPUT"),
)
COUNTED: Final = ("created", "updated", "deleted", "linked", "skipped", "held", "failed")


def scripted_day(system: System, began: float) -> int:
    """Play the day, print table and proof; 0 when every promise was kept, else 1."""
    day = Day(
        system=system,
        person=Person(system.web, system.web),
        stage=Stage(system.control),
    )
    try:
        for act in ACTS:
            system.family.watch()
            act(day)
    except Stop as reason:
        day.expect(False, str(reason))
    finally:
        print_rows(day)
    proof = look(day.stage)
    if day.person.bearer:
        print_reasons(day, proof)
    print_proof(day, proof, time.monotonic() - began)
    if day.wrong:
        say(f"what the processes said is in {system.family.logs}")
    return 1 if day.wrong else 0


def connect(day: Day) -> None:
    """Sign in to CRM with offline consent, then consent at Xero and choose the organisation."""
    signed_in = day.person.connect_zoho()
    day.moved("signed in", f"{signed_in['user']['name']}, {signed_in['org']['name']}")
    organisation = day.person.connect_xero(ORGANISATION)
    day.moved("connected Xero", f"{organisation['name']} ({organisation['base_currency']})")
    day.notes["mark"] = day.stage.mark()


def settle_settings(day: Day) -> None:
    """Switch the four modules on in both directions and map the taxes."""

    def change(document: dict[str, Any]) -> None:
        for key in MODULES:
            module = document["modules"].setdefault(key, {})
            module.update(enabled=True, schedule=True, conflict="zoho")
            for direction in ("to_zoho",) if key == "payments" else ("to_xero", "to_zoho"):
                module.setdefault(direction, {}).update(allow=True, create=True, update=True)
        map_books(document)

    day.person.change_settings(change)
    day.moved("settings", f"{', '.join(MODULES)} on, both directions, {len(TAXES)} taxes mapped")


def map_books(document: dict[str, Any]) -> None:
    """What the accountant of the seeded company wants: approved invoices, taxes, sales account."""
    document.update(
        customers="accounts",
        invoice_status_on_create="AUTHORISED",
        sales_account="200",
        tax_map=[
            {"zoho": {"name": name, "percentage": percentage}, "xero": code}
            for name, percentage, code in TAXES
        ],
    )


def preview(day: Day) -> None:
    """A dry run of everything; nothing may be written."""
    mark = day.stage.mark()
    before = day.stage.call("GET", "/control/figures")
    run_id = day.person.post("/api/modules/all/preview", {"direction": "both"})["run_id"]
    run = day.person.finished_run(run_id, seconds=60)
    day.notes["preview"] = run_id
    day.moved("preview", counts_of(run))
    day.expect(run["state"] == "done", f"the preview ended as {run['state']}: {run}")
    day.expect(not day.stage.calls_since(mark).writes, "a preview wrote something")
    after = day.stage.call("GET", "/control/figures")
    same = before["zoho"] == after["zoho"] and before["xero"] == after["xero"]
    day.expect(same, "a preview changed the figures of a side")


def first_sync(day: Day) -> None:
    """Everything crosses, module after module in their order.

    Notifications are lost on their way until they are wanted: the cost of the bulk is measured
    alone, without the reads that the notifications of our own writes cause, and afterwards only
    the sweep can find out what people did.
    """
    day.stage.call("POST", "/control/webhooks", {"lose_every": 1})
    mark = day.stage.mark()
    began = time.monotonic()
    wanted = {"direction": "both", "preview": day.notes["preview"]}
    run_id = day.person.post("/api/modules/all/sync", wanted)["run_id"]
    run = day.person.finished_run(run_id, seconds=90)
    calls = day.stage.calls_since(mark)
    proof = look(day.stage)
    per_record = calls.all / max(1, proof.linked)
    day.notes.update({"first calls": calls, "first linked": proof.linked})
    took = time.monotonic() - began
    day.moved("first sync", f"{counts_of(run)}; {took:.1f} s")
    day.moved(
        "its cost, no notifications",
        f"{calls.xero} calls to Xero, {calls.zoho} to Zoho for {proof.linked} pairs: "
        f"{per_record:.3f} per record",
    )
    day.expect(run["state"] == "done", f"the first sync ended as {run['state']}")
    often = ", ".join(f"{count} {path}" for path, count in calls.by_path.most_common(6))
    day.expect(per_record <= CALLS_PER_RECORD, f"{per_record:.3f} calls per record: {often}")
    day.expect(not proof.breaches, f"after the first sync: {'; '.join(proof.breaches[:5])}")


def settle_namesakes(day: Day) -> None:
    """Two customers of CRM fit one contact of Xero: a person says whose it is."""
    rows = day.person.get("/api/attention", module="accounts", kind="ambiguous_match")["rows"]
    shared = [row for row in rows if row["zoho_id"] and row["candidates"]]
    day.expect(bool(shared), f"no namesakes wait for a person: {rows}")
    told, given = [], set[str]()
    for row in sorted(shared, key=lambda each: str(each["zoho_id"])):
        free = [one for one in row["candidates"] if not one["linked"] and one["id"] not in given]
        if len(row["candidates"]) != 1 or not free:
            continue
        given.add(free[0]["id"])
        answer = {"action": "link", "xero_id": free[0]["id"]}
        day.person.post(f"/api/attention/{row['id']}", answer)
        wait_for_sync(day, f"/api/records/accounts/{row['zoho_id']}", "the namesake to be linked")
        told.append(f"{row['label']} = {free[0]['name']}")
    day.moved("namesakes told apart", "; ".join(told))


def edit(day: Day) -> None:
    """People work on both sides: other fields of one record, the same field of another, money."""
    day.person.change_settings(lambda d: d["modules"]["accounts"].update(conflict="ask"))
    proof = look(day.stage)
    merged, fought, renamed = (crm for crm, xero in proof.pairs["accounts"][:3] if xero)
    stage = day.stage
    stage.crm_edit("Accounts", merged["id"], {"Phone": "+44 117 496 0001"})
    town = [{"AddressType": "POBOX", "City": "Clevedon"}]
    stage.xero_edit("Contacts", merged["Xero_ID"], {"Addresses": town})
    stage.crm_edit("Accounts", fought["id"], {"Phone": "+44 117 496 0002"})
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "+44 117 496 0003"}]
    stage.xero_edit("Contacts", fought["Xero_ID"], {"Phones": phones})
    stage.crm_edit("Accounts", renamed["id"], {"Account_Name": "Estuary & Vine Rooms Ltd"})
    day.notes.update(merged=merged, fought=fought, renamed=renamed)
    day.moved("edited", "two fields of one customer, one field of another twice, a name, a price")
    product = proof.pairs["products"][0][0]
    stage.crm_edit("Products", product["id"], {"Unit_Price": 31.4})
    day.notes["product"] = product
    pay(day, proof)


def pay(day: Day, proof: Proof) -> None:
    """The accountant pays one invoice, part-pays another and voids a third."""
    unpaid = [
        (crm, xero)
        for crm, xero in proof.pairs["invoices"]
        if xero["Status"] == "AUTHORISED" and xero["AmountDue"] == xero["Total"] > 10
    ]
    if len(unpaid) < 3:
        raise Stop("there are not three unpaid invoices on both sides")
    paid, part_paid, voided = unpaid[:3]
    day.stage.xero_act("pay", invoice_id=paid[1]["InvoiceID"])
    day.stage.xero_act("pay", invoice_id=part_paid[1]["InvoiceID"], amount="10.00")
    day.stage.xero_act("void", invoice_id=voided[1]["InvoiceID"])
    day.notes.update(paid=paid[0]["id"], part_paid=part_paid[0]["id"], voided=voided[0]["id"])
    day.moved("in Xero", f"{paid[1]['InvoiceNumber']} paid, {part_paid[1]['InvoiceNumber']} part "
              f"paid, {voided[1]['InvoiceNumber']} voided")  # fmt: skip


def sweep(day: Day) -> None:
    """The schedule's sweep, then what CRM and Xero must say."""
    calls = swept(day)
    day.moved("sweep", f"{calls.all} calls, {len(calls.writes)} writes")
    crm, xero = day.stage.crm_record, day.stage.xero_record
    merged = day.notes["merged"]
    day.expect(
        crm("Accounts", merged["id"])["Billing_City"] == "Clevedon",
        "the town changed in Xero did not reach CRM",
    )
    numbers = {p.get("PhoneNumber") for p in xero("Contacts", merged["Xero_ID"])["Phones"]}
    day.expect("+44 117 496 0001" in numbers, "the phone changed in CRM did not reach Xero")
    renamed = xero("Contacts", day.notes["renamed"]["Xero_ID"])["Name"]
    day.expect(renamed == "Estuary & Vine Rooms Ltd", f"the new name in Xero is {renamed}")
    price = xero("Items", day.notes["product"]["Xero_ID"])["SalesDetails"]["UnitPrice"]
    day.expect(str(price).rstrip("0") == "31.4", f"the new price in Xero is {price}")
    paid = crm("Invoices", day.notes["paid"])
    day.expect(paid["Xero_Status"] == "Paid", f"the paid invoice shows {paid['Xero_Status']}")
    day.expect(paid["Xero_Amount_Due"] == 0, f"the paid invoice is due {paid['Xero_Amount_Due']}")
    part = crm("Invoices", day.notes["part_paid"])
    day.expect(part["Xero_Amount_Paid"] == 10, f"part paid shows {part['Xero_Amount_Paid']}")
    voided = crm("Invoices", day.notes["voided"])
    day.expect(voided["Status"] == "Cancelled", f"the voided invoice is {voided['Status']}")
    day.expect(bool(voided["Invoiced_Items"]), "the voided invoice lost its lines")
    day.moved("CRM says", f"paid: due {paid['Xero_Amount_Due']}; part paid: "
              f"{part['Xero_Amount_Paid']}; voided: {voided['Status']}")  # fmt: skip


def settle_conflict(day: Day) -> None:
    """A person looks at both values and keeps the one of CRM."""
    fought = day.notes["fought"]
    address = f"/api/records/accounts/{fought['id']}"
    record = day.person.get(address)
    day.expect(record["state"] == "conflict", f"the doubly edited customer is {record['state']}")
    fields = (record["conflict"] or {"fields": []})["fields"]
    day.expect([one["field"] for one in fields] == ["phone"], f"in conflict: {fields}")
    choices = {one["field"]: "zoho" for one in fields}
    day.person.post(f"{address}/resolve", {"choices": choices, "remember": False})
    wait_for_sync(day, address, "the conflict to be settled")
    phones = day.stage.xero_record("Contacts", fought["Xero_ID"])["Phones"]
    numbers = {phone.get("PhoneNumber") for phone in phones}
    day.expect("+44 117 496 0002" in numbers, f"after the choice Xero has {numbers}")
    shown = ", ".join(f"{f['field']}: {f['zoho']} / {f['xero']}" for f in fields)
    day.moved("conflict settled", f"{shown}; kept CRM's")


def hear_of_payment(day: Day) -> None:
    """Notifications work again: a payment in Xero shows in CRM without sweep or click."""
    day.stage.call("POST", "/control/webhooks", {"lose_every": 0})
    crm, xero = next(
        (crm, xero)
        for crm, xero in look(day.stage).pairs["invoices"]
        if xero["Status"] == "AUTHORISED" and xero["AmountDue"] == xero["Total"] > 10
    )
    began = time.monotonic()
    day.stage.xero_act("pay", invoice_id=xero["InvoiceID"])
    wait_for(
        lambda: day.stage.crm_record("Invoices", crm["id"])["Xero_Status"] == "Paid",
        "a payment to show in CRM after Xero's webhook",
    )
    day.moved(
        "webhook", f"{xero['InvoiceNumber']} paid, in CRM {time.monotonic() - began:.1f} s later"
    )


def click_new_invoice(day: Day) -> None:
    """One click on an invoice of a new customer brings customer and product along."""
    stage, today = day.stage, datetime.now(UTC).date()
    account = stage.crm_create("Accounts", {"Account_Name": "New Quay Supper Club Ltd",
                                            "Currency": "GBP"})  # fmt: skip
    product = stage.crm_create(
        "Products", {"Product_Name": "Vermouth, house", "Product_Code": "VM-01", "Unit_Price": 18}
    )
    invoice = stage.crm_create(
        "Invoices",
        {
            "Subject": "Opening night",
            "Account_Name": {"id": account},
            "Status": "Approved",
            "Currency": "GBP",
            "Invoice_Date": today.isoformat(),
            "Due_Date": (today + timedelta(days=30)).isoformat(),
            "Invoiced_Items": [
                {
                    "Product_Name": {"id": product},
                    "Quantity": 6,
                    "List_Price": 18.35,
                    "Line_Tax": [{"name": "VAT", "percentage": 20}],
                }
            ],
        },
    )
    mark = stage.mark()
    sent = day.person.post(f"/api/records/invoices/{invoice}/sync", {"direction": "to_xero"})
    done = day.person.finished_request(sent["request_id"])
    calls = stage.calls_since(mark)
    # Our own write may just have been told to us: then it is looked at once more.
    wait_for_sync(day, f"/api/records/invoices/{invoice}", f"the new invoice to be in sync: {done}")
    record = day.person.get(f"/api/records/invoices/{invoice}")
    # It was in sync; another echo of our own write may have come since.
    settled = record["state"] in {"in_sync", "pending"}
    day.expect(settled, f"the new invoice is {record['state']}: {done}")
    shown = record["links"][0]["xero_number"] if record["links"] else "nothing"
    day.moved("sent by a click", f"customer, product and {shown}; {calls.all} calls")


def idle_sweep(day: Day) -> None:
    """Nobody did anything: a sweep settles what is left, the next one must not write."""
    swept(day)
    calls = swept(day)
    day.notes["idle"] = calls
    day.moved("idle sweep", f"{calls.all} calls, {len(calls.writes)} writes")
    day.expect(not calls.writes, f"an idle sweep wrote: {Counter(calls.writes)}")


def swept(day: Day) -> Calls:
    """One sweep to its end, and what it asked of both sides; waits while the product pauses."""
    deadline = time.monotonic() + 75
    while True:
        mark = day.stage.mark()
        said = operator(day, "sweep")
        if said.startswith("swept 1 "):
            break
        if time.monotonic() > deadline:
            raise Stop(f"no sweep took place: {said}; {day.person.get('/api/health')['pause']}")
        time.sleep(1)
    wait_for_quiet(day)
    return day.stage.calls_since(mark)


def operator(day: Day, *command: str) -> str:
    """What an operator's command printed; `Stop` when it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "backend", *command],
        cwd=ROOT,
        env=day.system.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Stop(f"python -m backend {command[0]} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def wait_for_quiet(day: Day) -> None:
    """Return when no request has been made for a moment and nothing waits; what waits for a later
    time of its own is not waited for."""
    seen, since = day.stage.mark(), time.monotonic()
    deadline = since + 60
    while (still := time.monotonic() - since) < 1.5 or (still < 8 and waits(day)):
        if time.monotonic() > deadline:
            raise Stop(f"work did not come to rest: {day.person.get('/api/health')}")
        time.sleep(0.25)
        now = day.stage.mark()
        if now != seen:
            seen, since = now, time.monotonic()


def waits(day: Day) -> bool:
    """Whether the product still has records to look at."""
    return bool(day.person.get("/api/health")["waiting"])


def wait_for_sync(day: Day, address: str, what: str) -> None:
    """Return once a record is in sync."""
    wait_for(lambda: day.person.get(address)["state"] == "in_sync", what)


def wait_for(truth: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Return once something is true; `Stop` when it takes too long."""
    deadline = time.monotonic() + seconds
    while not truth():
        if time.monotonic() > deadline:
            raise Stop(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.2)


def counts_of(run: dict[str, Any]) -> str:
    """The counts of a run in one line, those that are not zero."""
    found = [f"{run[name]} {name}" for name in COUNTED if run.get(name)]
    return ", ".join([f"{run.get('done', 0)} of {run.get('total', 0)} looked at", *found])


ACTS: Final = (
    connect,
    settle_settings,
    preview,
    first_sync,
    settle_namesakes,
    edit,
    sweep,
    settle_conflict,
    hear_of_payment,
    click_new_invoice,
    idle_sweep,
)
