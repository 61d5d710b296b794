"""bare-loop.js in Python: the requests of a scan, known beforehand, and the data thrown away."""
import json
import sys
import threading

import zmq

ports, runs = json.loads(sys.argv[1]), int(sys.argv[2])
context = zmq.Context()


def connect(kind, port):
    socket = context.socket(kind)
    socket.linger = 0
    socket.connect(f"tcp://127.0.0.1:{port}")
    return socket


def ask(socket, *frames):
    socket.send_multipart([frame.encode() for frame in frames])
    return socket.recv_multipart()[0].decode()


def request(kind, args):
    return f"type: {kind}\nstatus: send\nread_back: false\nfrom_hardware: false\nargs: {args}\n"


def calib(value):
    halves = f"{{0: {{Calib: {value}}}, 1: {{Calib: {value}}}}}"
    return "{" + ", ".join(f"roc_s{chip}: {{ReferenceVoltage: {halves}}}" for chip in range(3)) + "}"


def throw_away(socket):
    while True:
        socket.recv()


slow_control = connect(zmq.REQ, ports["slowControl"])
daq = connect(zmq.REQ, ports["daq"])
threading.Thread(target=throw_away, args=[connect(zmq.PULL, ports["data"])], daemon=True).start()
menus = "menus: {calibAndL1A: {NEvents: 100}}"
ask(slow_control, request("reset", "{}"))
ask(daq, "initialize", f"daq: {{zmqPushPull_port: {ports['data']}, active_menu: calibAndL1A, {menus}}}")
ask(daq, "configure", "daq: {active_menu: calibAndL1A}")
for run in range(runs):
    ask(slow_control, request("set", calib(128 * (run % 16))))
    while ask(daq, "start") != "running":
        pass
    while ask(daq, "status") == "running":
        pass
