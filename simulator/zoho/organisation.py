"""The CRM organisation: its people, taxes and currencies.

Answers follow Zoho CRM API v8 "Get Organization", "Get Users", "Get Taxes" and "Get Currencies".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

OFFSET_HOURS = 1
CREATED = "2024-03-04T09:12:44+01:00"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A permission profile."""

    id: str
    name: str
    admin: bool


@dataclass(frozen=True, kw_only=True)
class User:
    """A person who can sign in."""

    id: str
    zuid: str
    first_name: str
    last_name: str
    email: str
    locale: str
    profile: Profile
    offset_hours: int = OFFSET_HOURS
    time_zone: str = "Europe/Berlin"

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    def reference(self) -> dict[str, Any]:
        """How Created_By and Modified_By show the person."""
        return {"name": self.full_name, "id": self.id}

    def as_json(self) -> dict[str, Any]:
        """One entry of `users`."""
        country = self.locale.partition("_")[2]
        return {
            "id": self.id,
            "zuid": self.zuid,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "full_name": self.full_name,
            "name": self.full_name,
            "email": self.email,
            "language": self.locale,
            "locale": self.locale,
            "country_locale": self.locale,
            "country": country,
            "time_zone": self.time_zone,
            "offset": self.offset_hours * 3_600_000,
            "status": "active",
            "confirm": True,
            "profile": {"name": self.profile.name, "id": self.profile.id},
            "role": {"name": "CEO" if self.profile.admin else "Sales", "id": ROLE_IDS[0]},
            "date_format": "dd/MM/yyyy",
            "time_format": "HH:mm",
            "created_time": CREATED,
            "Modified_Time": CREATED,
            "microsoft": False,
            "personal_account": False,
            "default_tab_group": "0",
        }


ADMINISTRATOR = Profile(id="487687600000026011", name="Administrator", admin=True)
STANDARD = Profile(id="487687600000026014", name="Standard", admin=False)
ROLE_IDS = ("487687600000026005",)


def default_users() -> list[User]:
    """Ana and Tomasz administer, Luc sells."""
    return [
        User(
            id="487687600000313001",
            zuid="20071648311",
            first_name="Ana",
            last_name="Whitfield",
            email="ana@harbourvine.example",
            locale="en_GB",
            profile=ADMINISTRATOR,
        ),
        User(
            id="487687600000313002",
            zuid="20071648312",
            first_name="Luc",
            last_name="Moreau",
            email="luc@harbourvine.example",
            locale="fr_FR",
            profile=STANDARD,
        ),
        User(
            id="487687600000313003",
            zuid="20071648313",
            first_name="Tomasz",
            last_name="Reid",
            email="tomasz@harbourvine.example",
            locale="de_DE",
            profile=ADMINISTRATOR,
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class Currency:
    """A currency of the organisation."""

    id: str
    iso_code: str
    name: str
    symbol: str
    rate: str
    is_base: bool = False
    is_active: bool = True

    def as_json(self, user: User) -> dict[str, Any]:
        """One entry of `currencies`."""
        return {
            "id": self.id,
            "iso_code": self.iso_code,
            "name": self.name,
            "symbol": self.symbol,
            "exchange_rate": self.rate,
            "is_base": self.is_base,
            "is_active": self.is_active,
            "prefix_symbol": True,
            "format": {
                "numeral_system": "International",
                "decimal_places": "2",
                "decimal_separator": "Period",
                "thousand_separator": "Comma",
            },
            "created_by": user.reference(),
            "modified_by": user.reference(),
            "created_time": CREATED,
            "modified_time": CREATED,
        }


@dataclass(frozen=True, kw_only=True)
class Tax:
    """A tax of the organisation; products and lines name it by name and percentage."""

    id: str
    name: str
    percentage: Decimal

    def as_json(self, place: int) -> dict[str, Any]:
        """One entry of `org_taxes.taxes`."""
        return {
            "id": self.id,
            "name": self.name,
            "display_label": self.name,
            "value": self.percentage,
            "sequence_number": place,
        }


def default_taxes() -> list[Tax]:
    """Two rates and an exempt one."""
    return [
        Tax(id="487687600000401001", name="VAT", percentage=Decimal(20)),
        Tax(id="487687600000401002", name="Reduced VAT", percentage=Decimal(5)),
        Tax(id="487687600000401003", name="Zero rated", percentage=Decimal(0)),
        Tax(id="487687600000401004", name="GST", percentage=Decimal(15)),
    ]


def default_currencies() -> list[Currency]:
    """Pounds at home, euros and dollars abroad."""
    rows = (
        ("GBP", "British Pound", "£", "1.000000000", True),
        ("EUR", "Euro", "€", "1.170000000", False),
        ("USD", "US Dollar", "$", "1.270000000", False),
    )
    return [
        Currency(
            id=f"48768760000041100{place}",
            iso_code=iso,
            name=f"{name} - {iso}",
            symbol=symbol,
            rate=rate,
            is_base=base,
        )
        for place, (iso, name, symbol, rate, base) in enumerate(rows, 1)
    ]


@dataclass(kw_only=True)
class Organisation:
    """What `GET /org` tells, and who and what belongs to it."""

    zgid: str = "20071648100"
    id: str = "487687600000020011"
    name: str = "Harbour & Vine"
    country: str = "United Kingdom"
    edition: str = "enterprise"
    multi_currency: bool = True
    users: list[User] = field(default_factory=default_users)
    taxes: list[Tax] = field(default_factory=default_taxes)
    currencies: list[Currency] = field(default_factory=default_currencies)

    def user(self, key: str) -> User:
        """The user with this id, e-mail address or first name; KeyError when there is none."""
        for one in self.users:
            if key.lower() in {one.id, one.email, one.first_name.lower()}:
                return one
        raise KeyError(key)

    def speak(self, key: str, locale: str) -> None:
        """This user chooses the language of CRM; KeyError when there is none."""
        user = self.user(key)
        self.users[self.users.index(user)] = replace(user, locale=locale)

    def base(self) -> Currency:
        """The organisation's own currency."""
        return next(one for one in self.currencies if one.is_base)

    def currency(self, iso_code: str) -> Currency | None:
        """An active currency by its ISO code."""
        for one in self.currencies:
            if one.iso_code == iso_code and one.is_active:
                return one
        return None

    def has_tax(self, name: Any, percentage: Decimal) -> bool:
        """Whether a tax of this name has this percentage."""
        return any(one.name == name and one.percentage == percentage for one in self.taxes)

    def as_json(self) -> dict[str, Any]:
        """The one entry of `org`."""
        base = self.base()
        admin = self.users[0]
        return {
            "id": self.id,
            "zgid": self.zgid,
            "company_name": self.name,
            "alias": None,
            "country": self.country,
            "country_code": "GB",
            "primary_email": admin.email,
            "primary_zuid": admin.zuid,
            "phone": None,
            "mobile": None,
            "fax": None,
            "website": "https://harbourvine.example",
            "street": "4 Quay Street",
            "city": "Bristol",
            "state": None,
            "zip": "BS1 4TJ",
            "employee_count": "48",
            "description": None,
            "mc_status": self.multi_currency,
            "currency": base.name,
            "currency_symbol": base.symbol,
            "currency_locale": "en_GB",
            "iso_code": base.iso_code,
            "time_zone": admin.time_zone,
            "domain_name": "org20071648100",
            "gapps_enabled": False,
            "privacy_settings": False,
            "hipaa_compliance_enabled": False,
            "translation_enabled": False,
            "deletable_org_account": True,
            "created_time": CREATED,
            "type": "production",
            "license_details": {
                "paid_expiry": None,
                "users_license_purchased": len(self.users),
                "portal_users_license_purchased": 0,
                "trial_type": None,
                "trial_expiry": None,
                "paid": True,
                "paid_type": self.edition,
            },
        }
