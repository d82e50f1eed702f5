"""What is special to quotes, orders and what becomes of them."""

from __future__ import annotations

from backend.i18n import N_
from backend.texts.entry import Text

DOCUMENTS: dict[str, Text] = {
    "belongs_to_sales_order": Text(
        cause=N_("This Xero invoice was made from a sales order in CRM and belongs to it."),
        fix=N_("Convert the sales order to an invoice in CRM; it then takes this one over."),
    ),
    "billed_cannot_be_deleted": Text(
        cause=N_("A purchase order that was billed cannot be deleted in Xero."),
        fix=N_("Delete the bill in Xero first, or keep the order."),
    ),
    "cancelled_not_created": Text(
        cause=N_("The document is {status} in CRM and is not created in Xero."),
        fix=N_("Give it another status in CRM to send it."),
    ),
    "discount_not_exact": Text(
        cause=N_(
            "Xero has no discounts on purchase orders, and no price of four decimals gives the "
            "same amount: {zoho} in CRM, {xero} in Xero."
        ),
        fix=N_("Lower the price in CRM instead of giving a discount, or split the line."),
    ),
    "order_already_approved": Text(
        cause=N_("The invoice made from this sales order is no longer a draft."),
        fix=N_("Void or credit it in Xero; the sales order does not decide about it any more."),
    ),
    "order_already_invoiced": Text(
        cause=N_("This sales order has an invoice in CRM, which goes to Xero by itself."),
        fix=N_("Nothing needs to be done; a second draft is not made."),
    ),
    "status_unreachable": Text(
        cause=N_("Xero does not let a document go from {held} to {status}."),
        fix=N_("Take the status of Xero, or change it there."),
    ),
    "tax_not_for_purchases": Text(
        cause=N_("Tax rate {tax} may not be used on purchases in Xero."),
        fix=N_("Choose another one in the settings; nothing was sent."),
    ),
}
