"""Making payments in Xero for documents that CRM calls paid."""

from __future__ import annotations

from collections.abc import Sequence

from backend.apis.xero import wire
from backend.apis.xero.client import Element
from backend.core.errors import Transient
from backend.core.paying import PAYMENT
from backend.core.spec import ModuleSpec, Side
from backend.sync.turn import Turn
from backend.sync.work import Work


def pay(turn: Turn, spec: ModuleSpec, batch: Sequence[Work], *, key: str) -> list[Element]:
    """Create one payment per document; each verdict shows the document as it stands afterwards.

    Xero refuses more than what is due, and takes the same key once; a lost answer is not repeated:
    the document is read anew, and what has been paid is no longer due.
    """
    client = turn.xero(batch[0].link.priority)
    bodies = [step.body for work in batch if (step := work.plan.step(Side.XERO))]
    payments = [body[PAYMENT] for body in bodies]
    told = client.write(wire.PAYMENTS, payments, create=True, key=key)
    ids = [str(body[spec.xero.id]) for body in bodies]
    paid = [each for each, element in zip(ids, told, strict=True) if element.ok]
    raws = {str(raw[spec.xero.id]): raw for raw in client.read(spec.xero, paid)}
    unread = Transient("remote_garbled", words="the paid document was not there to read")
    return [
        element
        if not element.ok
        else Element(ok=True, row=raws[each])
        if each in raws
        else Element(ok=False, row=None, cause=unread)
        for each, element in zip(ids, told, strict=True)
    ]
