"""The adapter registry: packages that can be trusted, where they are kept, and how they come and go."""

from lowres.registry.client import Pulled, from_shelf, open_registry, pull, shelf
from lowres.registry.package import Package, Refused

__all__ = ["Package", "Pulled", "Refused", "from_shelf", "open_registry", "pull", "shelf"]
