"""stomp.py over WebSocket, driven by lines of JSON: commands come in on stdin, events go out on stdout."""

import json
import sys
import threading
from urllib.parse import urlsplit

import stomp
from stomp.adapter.ws import WSStompConnection

OUTPUT = threading.Lock()


class Connection(stomp.ConnectionListener):
    def __init__(self, number, options):
        self.number = number
        self.receipts = 0
        address = urlsplit(options["url"])
        beat = options["heartBeat"]
        self.stomp = WSStompConnection(
            [(address.hostname, address.port)], ws_path="/ws-chat", heartbeats=(beat, beat), reconnect_attempts_max=1
        )
        self.stomp.set_listener("interop", self)
        headers = dict(options["headers"])
        self.stomp.connect(headers.pop("login", None), headers.pop("passcode", None), wait=False, headers=headers)

    def do(self, command):
        kind = command["kind"]
        headers = dict(command.get("headers", {}))
        if kind == "subscribe":
            ack = headers.pop("ack", "auto")
            self.stomp.subscribe(command["destination"], command["id"], ack=ack, headers=headers)
        elif kind == "unsubscribe":
            self.stomp.unsubscribe(command["id"], headers=headers)
        elif kind == "send":
            self.stomp.send(command["destination"], command["body"], headers=headers)
        elif kind == "ack":
            self.stomp.ack(command["message"]["ack"], transaction=command.get("transaction"))
        elif kind == "nack":
            self.stomp.nack(command["message"]["ack"], transaction=command.get("transaction"))
        elif kind == "begin":
            self.stomp.begin(command["transaction"])
        elif kind == "commit":
            self.stomp.commit(command["transaction"])
        elif kind == "abort":
            self.stomp.abort(command["transaction"])
        elif kind == "disconnect":
            self.stomp.disconnect()
        elif kind == "abandon":
            self.stomp.transport.disconnect_socket()

    def tell(self, kind, headers=None, body=""):
        line = json.dumps({"connection": self.number, "kind": kind, "headers": headers or {}, "body": body})
        with OUTPUT:
            print(line, flush=True)

    def on_connected(self, frame):
        self.tell("connected", frame.headers)

    def on_message(self, frame):
        self.tell("message", frame.headers, frame.body)

    def on_receipt(self, frame):
        self.tell("receipt", frame.headers)

    def on_error(self, frame):
        self.tell("error", frame.headers, frame.body)

    def on_disconnected(self):
        self.tell("closed")


def main():
    connections = {}
    for line in sys.stdin:
        command = json.loads(line)
        number = command["connection"]
        try:
            if command["kind"] == "connect":
                connections[number] = Connection(number, command)
            elif number in connections:
                connections[number].do(command)
        except Exception as error:  # whatever the library throws is told to the case
            failure = {"connection": number, "kind": "failed", "headers": {"message": repr(error)}, "body": ""}
            with OUTPUT:
                print(json.dumps(failure), flush=True)


main()
