"""The common scheme of topics: a dozen, by what the government does, so that each ministry knows its own."""

from collections.abc import Sequence

Row = tuple[str, tuple[str, str, str], tuple[str, ...]]
"""A key, the names in Latvian, English and Russian, and what else may be typed."""

TOPICS: Sequence[Row] = (
    ("defence", ("Aizsardzība", "Defence", "Оборона"),
     ("aizsardzība", "оборона")),
    ("security", ("Iekšējā drošība", "Public safety", "Внутренняя безопасность"),
     ("drošība", "безопасность")),
    ("foreign", ("Ārlietas un Eiropa", "Foreign affairs", "Внешняя политика"),
     ("ārlietas",)),
    ("economy", ("Ekonomika un finanses", "Economy and finance", "Экономика и финансы"),
     ("ekonomika", "экономика")),
    ("education", ("Izglītība un zinātne", "Education and science", "Образование и наука"),
     ("izglītība", "образование")),
    ("health", ("Veselība", "Health", "Здоровье"),
     ("veselība", "здоровье")),
    ("social", ("Darbs un sociālā aizsardzība", "Work and social care", "Труд и соцзащита"),
     ("darbs", "труд")),
    ("justice", ("Tieslietas", "Justice", "Юстиция"),
     ("tieslietas", "юстиция")),
    ("transport", ("Satiksme un sakari", "Transport and communications", "Транспорт и связь"),
     ("satiksme", "транспорт")),
    ("environment", ("Vide un enerģētika", "Environment and energy", "Среда и энергетика"),
     ("vide", "среда")),
    ("agriculture", ("Lauki, mežs un pārtika", "Farming, forests and food", "Село, лес и питание"),
     ("lauki", "село")),
    ("culture", ("Kultūra un sports", "Culture and sport", "Культура и спорт"),
     ("kultūra", "культура")),
)  # fmt: skip
