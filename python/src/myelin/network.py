"""One way to POST, for the two servers inside the cluster that the package tells things."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

# Both servers are inside the cluster, where a proxy of the environment does not lead.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# A server that does not speak HTTP raises HTTPException, which is not an OSError.
NETWORK_ERRORS = (OSError, http.client.HTTPException)


def post(url: str, body: bytes, content_type: str, timeout_seconds: float) -> None:
    """Returns when the server took the body (2xx); raises one of NETWORK_ERRORS, or ValueError for what is no URL."""
    request = urllib.request.Request(url, data=body, method="POST", headers={"Content-Type": content_type})
    try:
        with _opener.open(request, timeout=timeout_seconds):
            pass
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise
