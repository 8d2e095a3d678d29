"""Requests to servers of the tests. Reading the certificates of this machine would take 30 ms for each client.

Not called http.py: programs in this folder would import that in place of Python's.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpx2 as httpx

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def client(**options: Any) -> httpx.Client:
    return httpx.Client(verify=NO_CERTIFICATES, **options)


def get(url: str, **options: Any) -> httpx.Response:
    return httpx.get(url, verify=NO_CERTIFICATES, **options)


def post(url: str, **options: Any) -> httpx.Response:
    return httpx.post(url, verify=NO_CERTIFICATES, **options)
