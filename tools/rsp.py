# SPDX-License-Identifier: MIT
"""A small client for GDB's remote serial protocol, enough to step a guest in QEMU."""

import re
import socket
import time


class RspError(Exception):
    pass


class Rsp:
    def __init__(self, path, timeout=30.0):
        """Connects to the stub's unix socket, waiting until it is there."""
        self.buffer = b""
        self.acks = True
        end = time.monotonic() + timeout
        while True:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self.sock.connect(path)
                break
            except OSError as e:
                self.sock.close()
                if time.monotonic() > end:
                    raise RspError(f"no gdb stub at {path} within {timeout:g} s: {e}") from e
                time.sleep(0.01)
        self.sock.settimeout(timeout)
        features = self.call("qSupported:qXfer:features:read+")
        if "QStartNoAckMode+" in features and self.call("QStartNoAckMode") == "OK":
            self.acks = False
        self.layout = self._layout()
        self._check_layout()

    def close(self):
        self.sock.close()

    # Packets: $text#checksum, each acknowledged by + (or refused by -).

    def _receive(self):
        try:
            data = self.sock.recv(65536)
        except socket.timeout:
            raise RspError(f"no answer within {self.sock.gettimeout():g} s") from None
        except OSError as e:
            raise RspError(f"the emulator has closed the connection: {e}") from e
        if not data:
            raise RspError("the emulator has closed the connection")
        self.buffer += data

    def _byte(self):
        while not self.buffer:
            self._receive()
        byte, self.buffer = self.buffer[:1], self.buffer[1:]
        return byte

    def send(self, text):
        data = text.encode("latin-1")
        packet = b"$%s#%02x" % (data, sum(data) & 0xFF)
        for _ in range(3):
            try:
                self.sock.sendall(packet)
            except OSError as e:
                raise RspError(f"the emulator has closed the connection: {e}") from e
            if not self.acks:
                return
            byte = self._byte()
            if byte == b"+":
                return
            if byte != b"-":
                raise RspError(f"expected an acknowledgement of '{text}', not {byte!r}")
        raise RspError(f"the packet '{text}' was refused three times")

    def receive(self):
        while True:
            start = self.buffer.find(b"$")
            end = self.buffer.find(b"#", start) if start >= 0 else -1
            if start >= 0 and 0 <= end and len(self.buffer) >= end + 3:
                break
            self._receive()
        data, check = self.buffer[start + 1:end], self.buffer[end + 1:end + 3]
        self.buffer = self.buffer[end + 3:]
        if sum(data) & 0xFF != int(check, 16):
            raise RspError(f"bad checksum {check!r} of {data!r}")
        if self.acks:
            try:
                self.sock.sendall(b"+")
            except OSError:
                pass  # the packet told of the guest's end, and the emulator is gone already
        return self._expand(data).decode("latin-1")

    @staticmethod
    def _expand(data):
        """Undoes run lengths ("0* " is four 0s) and escapes ("}" before a byte ^ 0x20)."""
        out = bytearray()
        i = 0
        while i < len(data):
            if data[i] == ord("*"):
                out += out[-1:] * (data[i + 1] - 29)
                i += 2
            elif data[i] == ord("}"):
                out.append(data[i + 1] ^ 0x20)
                i += 2
            else:
                out.append(data[i])
                i += 1
        return bytes(out)

    def call(self, text):
        self.send(text)
        return self.receive()

    # Registers. Which are in the 'g' packet, and where, the stub itself tells.

    def _feature(self, name):
        text = ""
        while True:
            part = self.call(f"qXfer:features:read:{name}:{len(text):x},ffb")
            if part[:1] not in ("m", "l"):
                raise RspError(f"no description '{name}' of the registers: '{part}'")
            text += part[1:]
            if part[0] == "l":
                return text

    def _layout(self):
        """Register name -> its place in hex digits of the 'g' packet."""
        # By pattern and not by an XML parser: QEMU leaves the xi: namespace undeclared,
        # which a parser must refuse.
        number = 0
        sizes = {}
        for href in re.findall(r'<xi:include href="([^"]+)"', self._feature("target.xml")):
            for tag in re.findall(r"<reg\s[^>]*>", self._feature(href)):
                reg = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                number = int(reg.get("regnum", number))
                sizes[number] = (reg["name"], int(reg["bitsize"]) // 4)
                number += 1
        layout = {}
        at = 0
        for number in sorted(sizes):
            name, digits = sizes[number]
            layout[name] = (at, at + digits, number)
            at += digits
        for name in ("r0", "lr", "pc", "cpsr"):
            if name not in layout:
                raise RspError(f"the stub describes no register '{name}': is it an ARM core?")
        return layout

    def _check_layout(self):
        """Reads pc and cpsr also alone: a wrong place in 'g' must not give wrong counts."""
        regs = self.registers("pc", "cpsr")
        for name, value in zip(("pc", "cpsr"), regs):
            alone = self._word(self.call(f"p{self.layout[name][2]:x}"))
            if alone != value:
                raise RspError(f"{name} is {value:#x} in the 'g' packet but {alone:#x} alone")

    @staticmethod
    def _word(digits):
        return int.from_bytes(bytes.fromhex(digits), "little")

    def registers(self, *names):
        reply = self.call("g")
        if reply.startswith("E"):
            raise RspError(f"cannot read the registers: {reply}")
        return [self._word(reply[self.layout[n][0]:self.layout[n][1]]) for n in names]

    def set_register(self, name, value):
        reply = self.call(f"P{self.layout[name][2]:x}={value.to_bytes(4, 'little').hex()}")
        if reply != "OK":
            raise RspError(f"cannot set {name}: '{reply}'")

    # Memory, breakpoints, running.

    def memory(self, address, length):
        reply = self.call(f"m{address:x},{length:x}")
        if reply.startswith("E") and len(reply) % 2:
            raise RspError(f"cannot read {length} bytes at {address:#010x}: {reply}")
        return bytes.fromhex(reply)

    def string(self, address, limit=80):
        """A C string; stops short at the end of what can be read."""
        out = b""
        while len(out) < limit:
            try:
                byte = self.memory(address + len(out), 1)
            except RspError:
                break
            if byte == b"\0":
                break
            out += byte
        return out.decode("latin-1")

    def breakpoint(self, address, on=True):
        reply = self.call(f"{'Z' if on else 'z'}0,{address:x},4")
        if reply != "OK":
            raise RspError(f"breakpoint at {address:#010x} refused: '{reply}'")

    def step(self):
        """One instruction. Returns the stop reply: "T05..." or, if the guest ended, "W.."."""
        return self.call("s")

    def run(self, timeout=None):
        """Runs until a breakpoint or the guest's end; returns the stop reply."""
        before = self.sock.gettimeout()
        self.sock.settimeout(timeout or before)
        try:
            return self.call("c")
        finally:
            self.sock.settimeout(before)
