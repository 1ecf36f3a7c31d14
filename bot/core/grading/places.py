"""Countries: "Istanbul, Turkey" is one answer where a city is asked for."""

from __future__ import annotations

from bot.core.grading.wordforms import root

_NAMES = (
    "afghanistan albania algeria argentina armenia australia austria azerbaijan bangladesh belarus belgium bolivia "
    "botswana brazil bulgaria cambodia cameroon canada chile china colombia congo croatia cuba cyprus czechia "
    "denmark ecuador egypt england estonia ethiopia finland france georgia germany ghana greece guatemala haiti "
    "honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya "
    "korea kuwait laos latvia lebanon libya lithuania luxembourg madagascar malaysia mali malta mexico moldova "
    "monaco mongolia morocco mozambique myanmar namibia nepal netherlands holland nicaragua niger nigeria norway "
    "oman pakistan panama paraguay peru philippines poland portugal qatar romania russia rwanda scotland senegal "
    "serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania thailand "
    "tunisia turkey uganda ukraine uruguay usa uk us uzbekistan venezuela vietnam wales yemen zambia zimbabwe"
)
COUNTRIES = frozenset(map(root, _NAMES.split()))
"""Roots of the names of countries."""
