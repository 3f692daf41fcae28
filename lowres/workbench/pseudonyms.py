"""Names for people who give none: a tree, a bird or a thing of the sky, and a number."""

import secrets
from collections.abc import Collection

_NAMES = tuple(
    "Acacia Albatross Amaranth Antares Aspen Avocet Bamboo Banyan Baobab Barbet Bulbul Capella Cassava Cedar Comet Coral Cormorant "
    "Cypress Dove Ebony Egret Falcon Fern Fig Flamingo Guava Gull Hazel Heron Hibiscus Hoopoe Ibis Iris Jacana Jasmine Juniper "
    "Kapok Kestrel Kingfisher Lapwing Lark Larch Lotus Mahogany Mango Maple Marula Millet Mimosa Moringa Myrtle Neem Nightjar Oak Olive "
    "Oriole Osprey Palm Papaya Pelican Petrel Pine Plover Rigel Robin Rowan Saffron Sandpiper Savanna Shea Sirius Sorghum Sparrow "
    "Starling Stork Sunbird Swallow Swift Tamarind Teak Tern Thrush Turaco Vega Wagtail Warbler Weaver Willow Yarrow".split()
)


def new_pseudonym(taken: Collection[str]) -> str:
    """One that nobody has yet: 'Baobab 17'."""
    highest = 99
    while True:
        for _ in range(50):
            name = f"{secrets.choice(_NAMES)} {1 + secrets.randbelow(highest)}"
            if name not in taken:
                return name
        highest *= 10
