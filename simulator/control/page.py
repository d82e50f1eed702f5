"""The control page: buttons for the acts people try most, and the newest requests."""

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Simulator control</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;
color:#1c2429;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .5rem;
border-bottom:1px solid #d8dee3;vertical-align:top}
button,input,select{font:inherit;padding:.3rem .6rem}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:.5rem 0}
label{display:flex;flex-direction:column;font-size:.85rem}
output{display:block;white-space:pre-wrap;font:13px/1.4 ui-monospace,monospace;
background:#f3f6f8;padding:.75rem;border-radius:6px;min-height:1.2rem}
</style></head><body>
<h1>Simulator control</h1>
<p>{{ now.strftime("%Y-%m-%d %H:%M:%S") }} UTC ·
<a href="{{ urls.zoho_host }}/host/">CRM page</a></p>
<output id="said" aria-live="polite">Ready.</output>
{% for tenant, books in organisations.items() %}
<section data-tenant="{{ tenant }}"><h2>Xero: {{ books.organisation.Name }} ({{ books.base }})</h2>
<table><thead><tr><th>Invoice</th><th>Contact</th><th>Status</th><th>Due</th><th>Act</th></tr>
</thead><tbody>
{% for invoice in (books.tables.Invoices.values() | list)[-50:] | reverse %}
<tr><td>{{ invoice.InvoiceNumber }}</td><td>{{ books.tables.Contacts[invoice._contact].Name }}</td>
<td>{{ invoice.Status }}</td><td>{{ invoice.AmountDue }} {{ invoice.CurrencyCode }}</td><td>
{% for act in ("approve", "pay", "credit", "void") %}
<button type="button" data-act="{{ act }}" data-invoice="{{ invoice.InvoiceID }}">{{ act }}</button>
{% endfor %}</td></tr>{% endfor %}</tbody></table></section>
{% endfor %}
<h2>Trouble</h2>
<form id="fault"><label>Side<select name="side"><option>xero</option><option>zoho</option></select>
</label><label>Kind<select name="kind">{% for kind in kinds %}<option>{{ kind }}</option>
{% endfor %}</select></label><label>Matches<input name="match" value=".*"></label>
<label>Times<input name="times" type="number" value="1" min="1"></label>
<label>Seconds<input name="seconds" type="number" value="0" min="0"></label>
<button>Arm</button><button type="button" id="calm">Clear all</button></form>
<form id="clock"><label>Move the clock (seconds)<input name="advance" type="number" value="600">
</label><button>Move</button></form>
<h2>Facts in doubt</h2>
<table><tbody>{% for name, value in switches.items() %}<tr><th>{{ name }}</th>
<td>{{ value }}</td><td>{{ sources[name] }}</td></tr>{% endfor %}</tbody></table>
<script>
const said = document.getElementById("said");
async function tell(method, url, body) {
  const answer = await fetch(url, {method, headers: {"Content-Type": "application/json"},
    body: body ? JSON.stringify(body) : undefined});
  said.textContent = `${method} ${url} → ${answer.status}\\n${await answer.text()}`;
  return answer.ok;
}
document.addEventListener("click", async (event) => {
  const {act, invoice} = event.target.dataset;
  if (!act) return;
  const tenant = event.target.closest("section").dataset.tenant;
  if (await tell("POST", `/control/xero/${tenant}/${act}`, {invoice_id: invoice}))
    setTimeout(() => location.reload(), 700);
});
document.getElementById("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = Object.fromEntries(new FormData(event.target));
  tell("POST", "/control/faults", {...form, times: Number(form.times),
    seconds: Number(form.seconds)});
});
document.getElementById("calm").addEventListener("click", () => tell("DELETE", "/control/faults"));
document.getElementById("clock").addEventListener("submit", (event) => {
  event.preventDefault();
  tell("POST", "/control/clock", {advance: Number(new FormData(event.target).get("advance"))});
});
</script></body></html>"""
