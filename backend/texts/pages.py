"""What the public pages say: help, privacy, support. Three pages, sections of sentences."""

from __future__ import annotations

from dataclasses import dataclass

from backend.i18n import N_


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading and its paragraphs; {places} are filled by the page."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One public page. ``messages``: every message of the product follows, with its remedy."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    messages: bool = False


HELP = Page(
    title=N_("Help"),
    lead=N_(
        "Zoho CRM and Xero tell the same story: customers, suppliers, products, quotes, orders, "
        "invoices and what has been paid, in both directions."
    ),
    sections=(
        Section(
            heading=N_("On a record"),
            lines=(
                N_(
                    "The Xero panel of a record shows whether both sides agree, the number in Xero "
                    "with a link, and for documents what is due by Xero’s own figures."
                ),
                N_(
                    "“Send to Xero” and “Get from Xero” act on this one record at once; what it "
                    "needs, such as the customer and the products of an invoice, goes first."
                ),
                N_(
                    "When both sides changed the same field, nothing is overwritten: choose for "
                    "each field which side is right."
                ),
            ),
        ),
        Section(
            heading=N_("For administrators"),
            lines=(
                N_(
                    "Connect Zoho and Xero in the settings, choose the Xero organisation, then the "
                    "modules and directions, and look at the preview. Nothing is written before "
                    "you start the first sync."
                ),
                N_(
                    "Afterwards it runs by itself: within seconds when either system says that "
                    "something changed, and every {minutes} minutes in any case."
                ),
                N_(
                    "A record that fails {attempts} times is parked and people are told. It goes "
                    "on as soon as its cause is gone, or when you press “Try again”."
                ),
            ),
        ),
        Section(
            heading=N_("For accountants"),
            lines=(
                N_(
                    "Before a document is sent its total is computed as Xero computes it and "
                    "compared to the cent. If it differs, nothing is sent and both figures are "
                    "shown."
                ),
                N_(
                    "Until approval CRM owns a document; afterwards Xero owns its amounts. What is "
                    "paid and due is always Xero’s figure."
                ),
                N_(
                    "Documents in a locked period wait on your list; their date is never moved. "
                    "Deleting in CRM archives, deletes or voids in Xero as Xero allows, and never "
                    "touches a paid document."
                ),
            ),
        ),
    ),
    messages=True,
)

PRIVACY = Page(
    title=N_("Privacy"),
    lead=N_("What is kept, why, for how long, and how to have it deleted."),
    sections=(
        Section(
            heading=N_("What is kept"),
            lines=(
                N_(
                    "For each CRM organisation: encrypted keys to both connections, which records "
                    "belong together, the field values both sides last agreed on, and a log of "
                    "every attempt with the values before and after."
                ),
                N_(
                    "Of people: name, e-mail address and language of those who signed in, and who "
                    "pressed which button. No passwords; you sign in at Zoho and at Xero."
                ),
                N_("No cookies are set and no visits are followed."),
            ),
        ),
        Section(
            heading=N_("Where it goes"),
            lines=(
                N_(
                    "Between your Zoho CRM and your Xero organisation, as your administrator has "
                    "set it up, and nowhere else. Notices go by e-mail to the addresses entered in "
                    "the settings."
                ),
                N_("Nothing is sold, shown to advertisers, or used to train models."),
            ),
        ),
        Section(
            heading=N_("How it is protected"),
            lines=(
                N_(
                    "Connections are encrypted, keys are stored encrypted and can be replaced, one "
                    "organisation never sees another’s data, and no secret is written to a log."
                ),
            ),
        ),
        Section(
            heading=N_("How long, and how to delete it"),
            lines=(
                N_(
                    "The log is kept for {days} days. Resetting a connection revokes and forgets "
                    "its keys at once. When you leave, everything kept for your organisation is "
                    "erased on request."
                ),
                N_("Records in Zoho CRM and in Xero stay where they are."),
            ),
        ),
    ),
)

SUPPORT = Page(
    title=N_("Support"),
    lead=N_("What to send along, so that the first answer helps."),
    sections=(
        Section(
            heading=N_("Before you write"),
            lines=(
                N_(
                    "The message beside a record names its cause and its remedy; the log in the "
                    "settings shows what happened before."
                ),
                N_("All messages with their remedies are listed on the help page."),
            ),
        ),
        Section(
            heading=N_("What helps"),
            lines=(
                N_(
                    "The request number that the error shows, the time, the record’s number, and "
                    "what you expected. Never send passwords or keys; nobody will ask for them."
                ),
            ),
        ),
    ),
)

PAGES = {"help": HELP, "privacy": PRIVACY, "support": SUPPORT}
EVERY_MESSAGE = N_("Every message and its remedy")
WRITE_TO = N_("Write to {contact}.")
ASK_ADMINISTRATOR = N_(
    "Ask the administrator of your CRM organisation, or whoever runs this service."
)
