"""Certificates that are renewed on disk, as the other side of a connection sees them."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme

from monitor.settings import Settings
from monitor.streaming.tls import RenewedContext


class Side:
    """A server that notes each client's serial number; ``asks`` for a certificate, or takes any client."""

    def __init__(self, authority: trustme.CA, asks: bool = True) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.context)
        authority.configure_trust(self.context)
        self.context.verify_mode = ssl.CERT_REQUIRED if asks else ssl.CERT_NONE
        self.serials: list[str | None] = []

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serials.append((writer.get_extra_info("peercert") or {}).get("serialNumber"))
        writer.write(b".")
        writer.close()

    async def met_by(self, context: ssl.SSLContext) -> str | None:
        """Connect with a context; the serial number that was shown."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=self.context)
        async with server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
            await reader.read(1)
            writer.close()
        return self.serials[-1]


def write(certificate: trustme.LeafCert, cert: Path, key: Path) -> None:
    cert.write_bytes(b"".join(part.bytes() for part in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())


def test_renewed_certificate_is_shown_by_the_next_connection(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    authority, (ca, cert, key) = trustme.CA(), (tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem"))
    authority.cert_pem.write_to_path(ca)
    write(authority.issue_cert("monitor"), cert, key)
    context = RenewedContext.of_settings(
        Settings(security_protocol="SSL", ssl_ca_file=ca, ssl_cert_file=cert, ssl_key_file=key)
    )
    side = Side(authority)
    first = asyncio.run(side.met_by(context))
    assert asyncio.run(side.met_by(context)) == first
    renewed = authority.issue_cert("monitor")
    cert.write_bytes(b"".join(part.bytes() for part in renewed.cert_chain_pems))
    assert asyncio.run(side.met_by(context)) == first, "the key is still the old one"
    assert "the old ones are used on" in caplog.text
    write(renewed, cert, key)
    second = asyncio.run(side.met_by(context))
    assert second != first
    cert.unlink()
    assert asyncio.run(side.met_by(context)) == second


def test_a_new_authority_is_trusted_beside_the_old_one(tmp_path: Path) -> None:
    old, new, ca = trustme.CA(), trustme.CA(), tmp_path / "ca.pem"
    old.cert_pem.write_to_path(ca)
    context = RenewedContext.of_settings(Settings(security_protocol="SSL", ssl_ca_file=ca))

    def meet(authority: trustme.CA) -> None:
        assert asyncio.run(Side(authority, asks=False).met_by(context)) is None

    meet(old)
    with pytest.raises(ssl.SSLCertVerificationError):
        meet(new)
    ca.write_bytes(old.cert_pem.bytes() + new.cert_pem.bytes())
    meet(new)
    meet(old)
