"""The token of one start of the server, and the one-use code that lets the browser in without it."""

import hmac
import secrets

TOKEN_BYTES = 32


class Keys:
    """Who may come in. The cookie's name holds the port, since cookies do not tell ports apart."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.cookie_name = f"snowdome-{port}"
        self._codes: set[str] = set()

    def admits(self, given: str) -> bool:
        """Whether that is the token; takes as long for a near miss as for a far one."""
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self.token.encode())

    def new_code(self) -> str:
        """A code that opens the door once."""
        code = secrets.token_urlsafe(TOKEN_BYTES)
        self._codes.add(code)
        return code

    def use_code(self, given: str) -> bool:
        """Whether that is a code that has not been used; it is from now on."""
        wanted = given.encode("utf-8", "surrogatepass")
        found = [code for code in self._codes if hmac.compare_digest(wanted, code.encode())]
        self._codes.difference_update(found)
        return bool(found)

    def cookie(self) -> str:
        """The Set-Cookie value. Without a Path it belongs to the page's folder, under a prefix as well."""
        return f"{self.cookie_name}={self.token}; HttpOnly; SameSite=Strict"

    def in_cookies(self, header: str) -> bool:
        """Whether one of the cookies in a Cookie header is ours and right."""
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.cookie_name and self.admits(value):
                return True
        return False
