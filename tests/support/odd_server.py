#!/usr/bin/env python3
"""What no web server does on purpose, for tests: odd_server.py silent|truncated PORT

silent     takes connections and never answers
truncated  announces 9922 bytes of a tag list, sends 300 and hangs up
"""
import socket
import sys

mode, port = sys.argv[1], int(sys.argv[2])
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", port))
server.listen(128)
held = []
while True:
    connection, _ = server.accept()
    if mode == "silent":
        held.append(connection)
        continue
    if not connection.recv(4096).startswith(b"\x16"):  # not a TLS hello
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9922\r\n\r\n"
                           + b'{"name":"x","tags":["a"' + b" " * 276)
    connection.close()
