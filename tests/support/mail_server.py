#!/usr/bin/python3
# mail_server.py PORT FILE CERTIFICATE KEY USER PASSWORD: an SMTP server (Debian's python3-aiosmtpd) that wants STARTTLS
# and a login. Each mail it takes is appended to FILE as a line of JSON: envelope and content.
import json
import signal
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, file, certificate, key, user, password = int(sys.argv[1]), *sys.argv[2:]


class Box:
    async def handle_DATA(self, server, session, envelope):
        with open(file, "a") as out:
            out.write(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                                  "content": envelope.content.decode("utf-8")}) + "\n")
        return "250 taken"


def check(server, session, envelope, mechanism, login):
    right = login.login == user.encode() and login.password == password.encode()
    return AuthResult(success=right, handled=True)


tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(certificate, key)
Controller(Box(), hostname="127.0.0.1", port=port, tls_context=tls, require_starttls=True, auth_required=True,
           authenticator=check).start()
signal.pause()
