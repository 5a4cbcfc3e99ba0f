"""Who writes on the forum. Everybody is invented."""

from typing import NamedTuple


class Person(NamedTuple):
    """An account of the forum; `role` is admin, moderator, group (in `support`, no rights), staged (e-mail only) or empty."""

    username: str
    name: str
    role: str = ""
    title: str | None = None


STAFF = (
    Person("ada.okafor", "Ada Okafor", "admin", "Support lead"),
    Person("ben.lindqvist", "Ben Lindqvist", "moderator", "Deployments team"),
    Person("noor.haddad", "Noor Haddad", "moderator", "Web & API team"),
    Person("tomasz.wilk", "Tomasz Wilk", "group", "Support engineer"),
    Person("northwind", "Northwind Support", "moderator"),
)
"""`northwind` is the account that Closeloop's API key acts as."""

CUSTOMERS = (
    Person("mei.tanaka", "Mei Tanaka"),
    Person("ines.duarte", "Inês Duarte"),
    Person("kwame.asante", "Kwame Asante"),
    Person("leila.farahani", "Leila Farahani"),
    Person("jonas.b", "Jonas Bergström"),
    Person("priya_raman", "Priya Raman"),
    Person("omar.k", "عمر الخطيب"),
    Person("yael.m", "יעל מזרחי"),
    Person("li.wenjun", "李文君"),
    Person("sato_h", "佐藤 花"),
    Person("dmitri.v", "Dmitri Volkov"),
    Person("chloe.martin", "Chloé Martin"),
    Person("thandiwe", "Thandiwe Nkosi"),
    Person("mateo.rios", "Mateo Ríos"),
    Person("aroha.w", "Aroha Williams"),
    Person("sven-olav", "Sven-Olav Haugen"),
    Person("fatima.zahra", "Fatima Zahra El Idrissi"),
    Person("jiwoo", "김지우"),
    Person("greg_at_harbourline", "Greg Pattinson"),
    Person("zsofia", "Zsófia Kovács"),
    Person("ikechukwu.e", "Ikechukwu Eze"),
    Person("hannah.oc", "Hannah O'Connor"),
    Person("tuan.pham", "Phạm Anh Tuấn"),
    Person("x_ae", "🦊 foxglove"),
    Person("marisol.q", "Marisol Quispe"),
    Person("amara.diallo", "Amara Diallo"),
    Person("pieter.devries", "Pieter de Vries"),
    Person("keiko.mori", "森 恵子"),
    Person("lucia.ferraro", "Lucia Ferraro"),
    Person("nils_at_brightfen", "Nils Aaberg"),
    Person("purchasing_at_calloway", "Calloway Purchasing", "staged"),
    Person("billing_at_lumenworks", "Lumen Works Accounts", "staged"),
    Person("r.abernathy", "Ruth Abernathy", "staged"),
)

GROUPS = {
    "support": ("ada.okafor", "ben.lindqvist", "noor.haddad", "tomasz.wilk"),
    "deployments": ("ben.lindqvist", "tomasz.wilk"),
    "web-and-api": ("noor.haddad", "ada.okafor"),
    "customer-success": ("ada.okafor", "tomasz.wilk"),
}

CATEGORIES = (
    ("Deployments", "0E7490"),
    ("Web portal", "7C3AED"),
    ("REST API", "B45309"),
    ("Licensing", "475569"),
    ("Announcements", "15803D"),
)
