"""The Xero side of a world: two organisations, their users, tokens, limits and events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from simulator.xero import chart
from simulator.xero.books import Books
from simulator.xero.events import Events
from simulator.xero.idempotency import Idempotency
from simulator.xero.limits import Limits
from simulator.xero.oauth import OAuth, make_user
from simulator.xero.person import PersonActs

if TYPE_CHECKING:
    from simulator.world import World

LTD = chart.stable_id("organisation", "Harbour & Vine Ltd")
TRADING = chart.stable_id("organisation", "Harbour & Vine Trading B.V.")
PEOPLE = (
    ("priya.raman@harbourandvine.example", "Priya", "Raman", (LTD, TRADING)),
    ("joost.verbeek@harbourandvine.example", "Joost", "Verbeek", (TRADING,)),
)


class XeroState(PersonActs):
    """Everything the Xero simulator remembers; the acts of a person are its methods."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.organisations: dict[str, Books] = {}
        self.events = Events(world)
        self.limits = Limits(world)
        self.idempotency = Idempotency()
        self.oauth = OAuth(world=world, users=[make_user(*person) for person in PEOPLE])
        self.ltd = LTD
        self.trading = TRADING
        self._found(_ltd(), chart.UK_RATES, ("GBP", "EUR", "USD"), ("OUTPUT2", "INPUT2"))
        self._found(_trading(), chart.EU_RATES, ("EUR", "GBP"), ("OUTPUT", "INPUT"))

    def _found(
        self,
        organisation: dict[str, Any],
        rates: tuple[Any, ...],
        currencies: tuple[str, ...],
        taxes: tuple[str, str],
    ) -> None:
        tenant = organisation["OrganisationID"]
        self.organisations[tenant] = Books(
            self.world,
            organisation,
            accounts=chart.accounts(tenant, sales_tax=taxes[0], cost_tax=taxes[1]),
            tax_rates=chart.tax_rates(rates),
            currencies=currencies,
            users=[
                {
                    "UserID": user.user_id,
                    "EmailAddress": user.email,
                    "FirstName": user.first_name,
                    "LastName": user.last_name,
                    "IsSubscriber": user.last_name == "Raman",
                    "OrganisationRole": "STANDARD",
                }
                for user in self.oauth.users
                if tenant in user.tenants
            ],
        )


def _organisation(tenant: str, name: str, short_code: str, **more: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "LegalName": name,
        "PaysTax": True,
        "OrganisationType": "COMPANY",
        "IsDemoCompany": False,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 12,
        "SalesTaxBasis": "ACCRUALS",
        "SalesTaxPeriod": "QUARTERLY1",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        "CreatedDateUTC": datetime(2019, 3, 4, 9, 30, tzinfo=UTC),
        "OrganisationEntityType": "COMPANY",
        "ShortCode": short_code,
        "OrganisationID": tenant,
        "Edition": "BUSINESS",
        "Class": "PREMIUM",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
        **more,
    }


def _ltd() -> dict[str, Any]:
    return _organisation(
        LTD,
        "Harbour & Vine Ltd",
        "!h1vQ2",
        Version="UK",
        BaseCurrency="GBP",
        CountryCode="GB",
        TaxNumber="GB 123 4567 89",
        TaxNumberName="VAT reg no.",
        Timezone="GMTSTANDARDTIME",
        EndOfYearLockDate=date(2019, 12, 31),
    )


def _trading() -> dict[str, Any]:
    return _organisation(
        TRADING,
        "Harbour & Vine Trading B.V.",
        "!tR8wN",
        Version="GLOBAL",
        BaseCurrency="EUR",
        CountryCode="NL",
        TaxNumber="NL001234567B01",
        TaxNumberName="BTW",
        Timezone="WEUROPESTANDARDTIME",
    )
