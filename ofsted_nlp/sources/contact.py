"""Who asks: the contact that every site is told, so that its owner can reach whoever runs this."""

from __future__ import annotations

import os
import re

from ofsted_nlp.errors import ContactError

CONTACT_VARIABLE = "OFSTED_NLP_CONTACT"
_CONTACT = re.compile(r"(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+|https?://[\w-]+(?:\.[\w-]+)+[!-~]*")


def checked_contact(contact: str | None) -> str:
    """The contact given, else that of ``OFSTED_NLP_CONTACT``.

    Raises:
        ContactError: there is none, or it is neither an e-mail address nor a web page.
    """
    found = (contact if contact is not None else os.environ.get(CONTACT_VARIABLE, "")).strip()
    say = (
        f"Give an e-mail address or a web page with --contact you@council.gov.uk (in Python: contact=), or set "
        f"{CONTACT_VARIABLE} to it. "
        "It is sent to the sites with every request and to nobody else."
    )
    if not found:
        raise ContactError(f"Sites should be able to reach whoever asks them for reports. {say}")
    if not (found.isascii() and _CONTACT.fullmatch(found)):
        raise ContactError(f"“{found}” is neither an e-mail address nor a web page. {say}", code="bad_contact")
    return found
