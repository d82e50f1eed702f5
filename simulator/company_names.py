"""The words the seeded company is made of: customers, streets, wines, people."""

from typing import Final

# Written by hand: names that have broken software before.
PARTICULAR: Final[tuple[tuple[str, str], ...]] = (
    ("O'Neil & Co <b>", "GB"),
    ("Café Élysée SARL", "FR"),
    ("Bäckerei Müller & Söhne GmbH", "DE"),
    ("Weinhaus Straße 9 GmbH", "DE"),
    ("L'Œuf à la Coque", "FR"),
    ("Smörgås & Öl AB", "SE"),
    ("Bodega Señorío de Ñuñoa S.L.", "ES"),
    ("Łódź Gastro Sp. z o.o.", "PL"),
    ("Þórsmörk Hótel ehf.", "IS"),
    ("東京ワイン株式会社", "JP"),
    ("上海海港酒业有限公司", "CN"),
    ("서울 와인 하우스", "KR"),
    ("مطعم الميناء", "AE"),
    ('יקב הנמל בע"מ', "IL"),
    ("Ресторан «Гавань»", "BG"),
    ("Ταβέρνα Το Λιμάνι", "GR"),
    ("The 🍷 Cellar Door Ltd", "GB"),
    ('Quoted "Reserve" Wines Ltd', "GB"),
    ("Fish; Chips -- & Wine, Ltd.", "GB"),
    ("100% Grape Ltd", "GB"),
    ("null", "GB"),
    ("St. John's Wood  Wine   Bar", "GB"),
    ("A", "GB"),
    ("Société Générale des Vins et Spiritueux de la Région Provence-Alpes-Côte d'Azur SAS", "FR"),
)

BRITISH: Final = (
    "Ashdown", "Bellweather", "Brackenridge", "Calloway", "Castlegate", "Copperfield", "Dunmore",
    "Eastcliff", "Fairhaven", "Foxglove", "Gainsborough", "Greyfriars", "Hawthorne", "Holloway",
    "Ivybridge", "Kestrel", "Kingsmead", "Lanchester", "Larkspur", "Marlowe", "Merriweather",
    "Netherby", "Oakhurst", "Pemberton", "Quayside", "Ravenscourt", "Rosewood", "Saltmarsh",
    "Silverdale", "Thornbury", "Tidewater", "Underhill", "Wainwright", "Westerham", "Whitstable",
    "Wyndham", "Yarrow", "Abbotsford", "Birchwood", "Cavendish", "Drayton", "Ellingham",
)  # fmt: skip
BRITISH_TRADES: Final = ("Hotel", "Brasserie", "Wine Bar", "& Sons", "Catering")
BRITISH_FORMS: Final = ("Ltd", "Limited", "LLP", "PLC")

FRENCH: Final = (
    "Beaumont", "Chevalier", "Delacroix", "Fontaine", "Garnier", "Hébert", "Jourdan", "Lefèvre",
    "Marchand", "Noël", "Perrault", "Rousseau", "Théroux", "Vasseur",
)  # fmt: skip
FRENCH_TRADES: Final = ("Traiteur", "Brasserie", "Vins", "Hôtel")
FRENCH_FORMS: Final = ("SARL", "SAS", "SA")

GERMAN: Final = (
    "Bergmann", "Döring", "Engelhardt", "Färber", "Gruber", "Hölzl", "Jäger", "Köhler",
    "Lindner", "Mößner", "Neumann", "Schröder", "Vogel", "Weiß",
)  # fmt: skip
GERMAN_TRADES: Final = ("Gasthof", "Weinhandel", "Feinkost", "Hotel")
GERMAN_FORMS: Final = ("GmbH", "KG", "AG")

STREETS: Final[dict[str, tuple[str, ...]]] = {
    "GB": ("High Street", "Quay Road", "Mill Lane", "Station Road", "The Parade"),
    "FR": ("rue de la République", "quai des Belges", "avenue Foch", "place du Marché"),
    "DE": ("Hauptstraße", "Am Hafen", "Schloßallee", "Gartenweg"),
}
TOWNS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "GB": (
        ("Bristol", "Avon", "BS1 4ND"), ("Falmouth", "Cornwall", "TR11 3JP"),
        ("York", "North Yorkshire", "YO1 7HH"), ("Leith", "Midlothian", "EH6 6QU"),
        ("Margate", "Kent", "CT9 1EY"),
    ),
    "FR": (
        ("Marseille", "Bouches-du-Rhône", "13001"), ("Lyon", "Rhône", "69002"),
        ("Saint-Malo", "Ille-et-Vilaine", "35400"), ("Bordeaux", "Gironde", "33000"),
    ),
    "DE": (
        ("Köln", "Nordrhein-Westfalen", "50667"), ("München", "Bayern", "80331"),
        ("Hamburg", "Hamburg", "20457"), ("Würzburg", "Bayern", "97070"),
    ),
}  # fmt: skip
COUNTRIES: Final = {
    "GB": "United Kingdom", "FR": "France", "DE": "Germany", "SE": "Sweden", "ES": "Spain",
    "PL": "Poland", "IS": "Iceland", "JP": "Japan", "CN": "China", "KR": "South Korea",
    "AE": "United Arab Emirates", "IL": "Israel", "BG": "Bulgaria", "GR": "Greece",
}  # fmt: skip
DIALLING: Final = {"GB": "+44 117 496", "FR": "+33 4 91 23", "DE": "+49 221 555"}
CURRENCY_OF: Final = {"FR": "EUR", "DE": "EUR", "ES": "EUR", "GR": "EUR"}

GIVEN: Final = (
    "Amara", "Beatrix", "Cédric", "Dilys", "Ewan", "Fatima", "Greta", "Hamish", "Inès", "Jürgen",
    "Kwame", "Leïla", "Margot", "Niamh", "Oskar", "Priya", "Quentin", "Rhiannon", "Søren", "Tove",
)  # fmt: skip
FAMILY: Final = (
    "Adeyemi", "Barclay", "Çelik", "Dubois", "Evans", "Ferreira", "Grünwald", "Hughes", "Ivanova",
    "Jansen", "Kowalski", "Leclerc", "MacLeod", "Nguyen", "O'Brien", "Petrović", "Quinn",
)  # fmt: skip

WINES: Final = (
    "Albariño Rías Baixas", "Assyrtiko Santorini", "Barbera d'Asti", "Beaujolais-Villages",
    "Bourgogne Aligoté", "Cava Brut Nature", "Chablis Premier Cru", "Châteauneuf-du-Pape",
    "Chenin Blanc Swartland", "Chianti Classico", "Côtes du Rhône", "Crémant de Loire",
    "English Sparkling Brut", "Fleurie", "Gavi di Gavi", "Gewürztraminer Alsace",
    "Grüner Veltliner", "Malbec Mendoza", "Mosel Riesling Kabinett", "Muscadet sur Lie",
    "Pinot Noir Central Otago", "Pouilly-Fumé", "Rioja Reserva", "Saint-Émilion Grand Cru",
    "Sancerre", "Sauvignon Blanc Marlborough", "Tawny Port 10 Years", "Vinho Verde",
)  # fmt: skip
SIZES: Final = (("75 cl", "B"), ("case of 6", "C6"), ("case of 12", "C12"), ("magnum", "M"))
GOODS: Final = (
    ("GL-RIED", "Red wine glass, hand blown"), ("GL-FLUT", "Champagne flute"),
    ("OP-LEVR", "Lever corkscrew"), ("SV-TAST", "Guided tasting, per guest"),
    ("SV-DELI", "Delivery, per pallet"), ("BK-CELL", "The Cellar Book (zero rated)"),
    ("SV-INSU", "Insurance in transit (exempt)"), ("MX-GIFT", "Gift box, ribbon & card"),
)  # fmt: skip
