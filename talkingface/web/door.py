"""Who may come in: this machine alone, or whoever has the password."""

import os
from ipaddress import ip_address

from talkingface.errors import UsageError

HOW = (
    "Write --auth=USER:env:VARIABLE, where the variable of the environment holds the password; "
    "so it stands in no history of commands."
)


def password_of(auth: str | None, host: str) -> tuple[str, str] | None:
    """Return the user and the password that are asked for; None where nobody is asked.

    Raises:
        UsageError: Others can reach the page and no password is set, or it is not set well.
    """
    if auth is None:
        if not is_local(host):
            raise UsageError(f"With --host={host} others can reach the page. {HOW}")
        return None
    match auth.split(":"):
        case [user, "env", variable] if user and variable:
            password = os.environ.get(variable, "")
            if not password:
                raise UsageError(f"The variable {variable} of --auth is not set or is empty.")
            return user, password
    raise UsageError(f"--auth names no user and variable. {HOW}")


def is_local(host: str) -> bool:
    """Return whether only this machine reaches a host.

    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("0.0.0.0")
    (True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
