"""What may an operator write in config.toml, and is it consistent?

All settings are checked before anything happens; the first error is one line with file, key and value.
"""

from crawler.config.built_in import built_in_sites
from crawler.config.loading import ConfigError, load, load_all, load_section, load_storage
from crawler.config.patterns import finds
from crawler.config.settings import (
    PLACEHOLDER,
    Count,
    CrawlerConfig,
    DateOrder,
    Guards,
    JsonList,
    Language,
    Limits,
    Number,
    Politeness,
    Recheck,
    Section,
    Share,
    Site,
    Storage,
    Template,
)
from crawler.config.value_types import FilePath, Line

__all__ = [
    "PLACEHOLDER",
    "ConfigError",
    "Count",
    "CrawlerConfig",
    "DateOrder",
    "FilePath",
    "Guards",
    "JsonList",
    "Language",
    "Limits",
    "Line",
    "Number",
    "Politeness",
    "Recheck",
    "Section",
    "Share",
    "Site",
    "Storage",
    "Template",
    "built_in_sites",
    "finds",
    "load",
    "load_all",
    "load_section",
    "load_storage",
]
