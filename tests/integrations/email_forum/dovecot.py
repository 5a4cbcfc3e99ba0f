"""A real Dovecot as an ordinary process: its own configuration in a directory of its own, on free ports of this machine."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from powerup.sandbox.common.ports import free_ports

ADDRESS = "support@northwind.example"
PASSWORD = "a-real-password"
BINARY = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MISSING = "needs a real Dovecot (apt-get install dovecot-imapd)"

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{home}/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
auth_failure_delay = 0
login_trusted_networks = 127.0.0.0/8
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = {strict}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Gesendet {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class Dovecot:
    """Running while the context lasts. `certificate`: what a client must trust."""

    def __init__(self, *, strict: bool = False) -> None:
        # Short, because paths of sockets have an end; open, because Dovecot's processes run as several users.
        self.home = Path(tempfile.mkdtemp(prefix="dc-"))
        self.home.chmod(0o755)
        self.port, self.tls_port = free_ports(2, first=0)
        self.certificate = self.home / "cert.pem"
        self._strict = strict
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        user = pwd.getpwnam("nobody") if root else me
        mine = {"internal": me.pw_name, "login": me.pw_name, "group": grp.getgrgid(me.pw_gid).gr_name, "chroot": "chroot ="}
        theirs = {"internal": "dovecot", "login": "dovenull", "group": "dovecot", "chroot": ""}
        config = _CONFIG.format(
            home=self.home, uid=user.pw_uid, gid=user.pw_gid, port=self.port, tls_port=self.tls_port, password=PASSWORD,
            strict="yes" if self._strict else "no", **(theirs if root else mine),
        )  # fmt: skip
        make_certificate(self.home)
        (self.home / "dovecot.conf").write_text(config)
        for name in ("mail", "mail/cur", "mail/new", "mail/tmp", *(f"mail/.Gesendet{below}" for below in ("", "/cur", "/new"))):
            (self.home / name).mkdir()
            os.chown(self.home / name, user.pw_uid, user.pw_gid)
        self._owner = (user.pw_uid, user.pw_gid)
        assert BINARY
        self._process = subprocess.Popen([BINARY, "-F", "-c", str(self.home / "dovecot.conf")], stderr=subprocess.DEVNULL)
        self._wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait(timeout=20)
        shutil.rmtree(self.home, ignore_errors=True)

    def put(self, raw: bytes, at: datetime, folder: str = "") -> None:
        """A mail straight into the Maildir, as a delivery agent does it. `folder`: such as `.Gesendet`."""
        place = self.home / "mail" / folder / "cur"
        name = place / f"{int(at.timestamp())}.M{time.monotonic_ns()}.test:2,"
        name.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(name, *self._owner)
        os.utime(name, (at.timestamp(), at.timestamp()))

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as sock:
                    if sock.recv(100).startswith(b"* OK"):
                        return
            except OSError:
                pass
            assert self._process and self._process.poll() is None and time.monotonic() < until, self._log()
            threading.Event().wait(0.05)

    def _log(self) -> str:
        log = self.home / "log"
        return log.read_text() if log.exists() else "no log"


def make_certificate(home: Path) -> None:
    """A certificate of this machine that signs itself: cert.pem and key.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=9)
    )
    certificate = builder.add_extension(names, critical=False).add_extension(x509.BasicConstraints(True, None), critical=True)
    (home / "cert.pem").write_bytes(certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (home / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
