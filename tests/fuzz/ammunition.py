"""What is fired: values as raw, percent-encoded bytes, because some of them are no text."""

MEGABYTE = 1_000_000

VALUES: dict[str, str] = {
    "nothing": "",
    "null byte": "a%00b",
    "only null": "%00",
    "null, encoded twice": "%2500",
    "lone surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "cut off UTF-8": "%E2%82",
    "right to left": "%E2%80%AEadmin%E2%80%AC",
    "combining marks": "Z" + "%CC%81" * 300,
    "beyond the basic plane": "%F0%9F%A7%B4",
    "1 MB": "A" * MEGABYTE,
    "beyond 64 bits": "9223372036854775808",
    "beyond Python's digits": "9" * 5000,
    "negative": "-1",
    "infinity": "1e309",
    "not a number": "NaN",
    "another script's digit": "%D9%A3",
    "quotes": "%27%22%3B--%3Cscript%3E",
    "template": "%7B%7B7*7%7D%7D%7B%25debug%25%7D",
    "line ends": "a%0D%0ASet-Cookie:%20x=1",
    "deep JSON": "%5B" * 2000,
    "path": "..%2F..%2Fetc%2Fpasswd",
    "other host": "%2F%2Fevil.example",
}
# Refused before any field is read.
TOO_BIG = "A" * (3 * MEGABYTE)
# Those worth sending to a field that nobody reads.
FEW = ("null byte", "lone surrogate", "not UTF-8", "1 MB")

PATHS: tuple[str, ...] = (
    "/%00/",
    "/%ED%A0%80/",
    "/%FF/",
    "/%E2%80%AE/",
    f"/{'a' * 5000}/",
    f"/{'a/' * 2000}",
    "/shop/%2e%2e/%2e%2e/etc/passwd",
    "/shop/..%2f/",
    "//evil.example/",
    "/%2F%2Fevil.example/",
    "/%5Cevil.example/",
    "/media/%00",
    f"/media/{'a' * 5000}.jpg",
    "/media/..%2f..%2fmanage.py",
    "/media/%2e%2e/%2e%2e/manage.py",
    "/media/%ED%A0%80.jpg",
    "/media/",
    f"/documents/{'9' * 5000}/x",
    f"/documents/1/{'a' * 5000}",
    f"/account/orders/{'G' * 5000}/",
    "/account/orders/%00/",
    "/account/orders/%ED%A0%80/",
    "/orders/%00/",
    "/orders/%ED%A0%80/",
    f"/orders/{'a' * 5000}/",
    "/checkout/return/%00/",
    f"/checkout/return/{'a' * 5000}/?session_id=%00",
    "/account/password/reset/key/%00-%00/",
    f"/account/password/reset/key/{'z' * 5000}-{'z' * 5000}/",
    "/account/password/reset/key/1-%ED%A0%80/",
    "/static/%00",
    "/static/../manage.py",
)

BAD_COOKIES: tuple[str, ...] = (
    "galea_basket=x",
    "galea_basket=x:y:z",
    f"galea_basket={'A' * 8000}",
    "galea_basket=\x00:\xff",
    'galea_basket="\\377\\000"',
    "galea_basket_count=-1",
    f"galea_basket_count={'9' * 5000}",
    "sessionid=\x00",
    f"sessionid={'a' * 4000}",
    "sessionid=\xed\xa0\x80",
    "messages=[[]]",
    "messages=W10:1:x",
    "csrftoken=\xff",
    ";;;=;=;",
    "=".join("abc") * 1000,
)

BODIES: dict[str, tuple[str, bytes]] = {
    "no form at all": ("application/octet-stream", b"\x00\xff" * 100),
    "JSON": ("application/json", b'{"sku": {"$gt": ""}}'),
    "deep JSON": ("application/json", b"[" * 100_000),
    "broken JSON": ("application/json", b'{"a": "\\ud800'),
    "form without a charset": ("application/x-www-form-urlencoded; charset=", b"a=1"),
    "form in an unknown charset": ("application/x-www-form-urlencoded; charset=klingon", b"a=1"),
    "form in UTF-16": ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
    "multipart without a boundary": ("multipart/form-data", b"--x"),
    "multipart with an empty boundary": ("multipart/form-data; boundary=", b"--x"),
    "multipart cut off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="sku"\r\n\r\nabc',
    ),
    "multipart with a null in a name": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="s\x00ku"\r\n\r\na\x00c\r\n--x--\r\n',
    ),
    "multipart with a file": (
        "multipart/form-data; boundary=x",
        (
            b'--x\r\nContent-Disposition: form-data; name="sku"; filename="../../x\x00.py"\r\n'
            b"Content-Type: text/x-python\r\n\r\nprint()\r\n--x--\r\n"
        ),
    ),
    "multipart in broken base64": (
        "multipart/form-data; boundary=x",
        (
            b'--x\r\nContent-Disposition: form-data; name="sku"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--x--\r\n"
        ),
    ),
    "10,000 fields": (
        "application/x-www-form-urlencoded",
        b"&".join(b"f%d=1" % number for number in range(10_000)),
    ),
    "one field 1,900 times": ("application/x-www-form-urlencoded", b"sku=1&" * 1900),
    "XML": ("text/xml", b'<!DOCTYPE x [<!ENTITY a "&a;&a;">]><x>&a;</x>'),
}
