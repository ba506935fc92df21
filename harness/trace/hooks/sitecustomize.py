"""Reports each call on an internet socket, with the line of the program that made it, to a file beside this one.

Python imports it before the program, from PYTHONPATH (https://docs.python.org/3/library/site.html). It takes its own
marks away again and imports nothing that a file of the program may stand in for. Whatever goes wrong here costs
reports, and nothing else.
"""

import itertools
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = os.path.join(HERE, "calls")
# Whatever the program has put in its place, it does not make the program wait.
OPENED = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
ROOT = os.environ.pop("GEMA_TRACE", "")
ROOTS = tuple(root.rstrip(os.sep) + os.sep for root in (ROOT, os.path.realpath(ROOT)))
# Calls beyond these are only counted.
MOST_CALLS = 1000
INTERNET = (2, 10, 23, 30)  # AF_INET, and AF_INET6 on Linux, Windows and macOS

_numbers = itertools.count(1)
# The ends of a connection by its descriptor.
_ends = {}
# Calls, by descriptor and name, that found nothing to do the last time: a program that asks in a loop is heard once.
_idle = set()


def _write(line):
    try:
        # Opened anew each time: the program's own descriptors keep their numbers, and it may close all it finds.
        file = os.open(CALLS, OPENED)
        try:
            os.write(file, line.encode("ascii"))
        finally:
            os.close(file)
    except OSError:
        pass


def _quoted(text):
    raw = text.encode("utf-16-be", "surrogatepass")
    return '"%s"' % "".join("\\u" + raw[at : at + 2].hex() for at in range(0, len(raw), 2))


def _place():
    """Where the program is, as JSON; nothing when the event loop of asyncio acts by itself."""
    frame = sys._getframe(3)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.endswith("asyncio/base_events.py") and frame.f_code.co_name == "_run_once":
            return ""
        for root in ROOTS:
            inside = file[len(root) :] if file.startswith(root) else ""
            if inside and "site-packages" not in inside:
                return ',"file":%s,"line":%d' % (_quoted(inside.replace(os.sep, "/")), frame.f_lineno)
        frame = frame.f_back
    return ""


def _ends_of(sock, c_socket):
    """The ports of both ends, as JSON."""
    file = sock.fileno()
    ports = []
    for name, ask in (("local", c_socket.getsockname), ("remote", c_socket.getpeername)):
        try:
            ports.append(',"%s":%d' % (name, ask(sock)[1]))
        except (OSError, IndexError, TypeError):
            pass
    # After a reset the system knows them no more.
    if len(ports) == 2:
        _ends[file] = "".join(ports)
    return "".join(ports) if len(ports) == 2 or file not in _ends else _ends[file]


def _remote(address):
    """The port of a datagram's other end, as JSON."""
    return ',"remote":%d' % address[1] if isinstance(address, tuple) else ""


def _begin(sock, c_socket, name, asked):
    number = next(_numbers)
    if number > MOST_CALLS:
        left_out = number - MOST_CALLS
        if left_out & (left_out - 1) == 0:
            _write('{"pid":%d,"leftOut":%d}\n' % (os.getpid(), left_out))
        return 0
    ends = "" if name in ("accept", "listen", "bind") else _ends_of(sock, c_socket)
    size = "" if asked is None else ',"asked":%d' % asked
    head = '{"atMs":%.3f,"pid":%d,"number":%d,"call":"%s"' % (time.monotonic() * 1000, os.getpid(), number, name)
    _write(head + size + ends + _place() + "}\n")
    return number


def _end(number, more):
    if number:
        head = '{"atMs":%.3f,"pid":%d,"ended":%d' % (time.monotonic() * 1000, os.getpid(), number)
        _write(head + more + "}\n")


def _length(value):
    try:
        return memoryview(value).nbytes
    except (TypeError, ValueError):
        return None


def _total(buffers):
    if not isinstance(buffers, (list, tuple)):
        return None
    return sum(_length(buffer) or 0 for buffer in buffers)


def _number(value):
    return value if type(value) is int and value >= 0 else None


# How many bytes a call asks for, from its first argument, and how many it got, from its result.
_ASKED = {
    "recv": _number,
    "recvfrom": _number,
    "recv_into": _length,
    "recvfrom_into": _length,
    "recvmsg": _number,
    "recvmsg_into": _total,
    "send": _length,
    "sendall": _length,
    "sendto": _length,
    "sendmsg": _total,
}
_GOT = {
    "recv": _length,
    "recvfrom": lambda result: _length(result[0]),
    "recv_into": _number,
    "recvfrom_into": lambda result: _number(result[0]),
    "recvmsg": lambda result: _length(result[0]),
    "recvmsg_into": lambda result: _number(result[0]),
    "send": _number,
    "sendto": _number,
    "sendmsg": _number,
}
# Where a datagram came from, and where it goes.
_OTHER = {
    "recvfrom": lambda args, result: result[-1],
    "recvfrom_into": lambda args, result: result[-1],
    "recvmsg": lambda args, result: result[-1],
    "recvmsg_into": lambda args, result: result[-1],
    "sendto": lambda args, result: args[-1],
    "sendmsg": lambda args, result: args[3] if len(args) > 3 else None,
}
_OTHERS = ("bind", "listen", "accept", "connect", "connect_ex", "shutdown", "settimeout", "_real_close")


def _wrap(owner, c_socket, attribute):
    original = getattr(owner, attribute)
    name = "close" if attribute == "_real_close" else attribute
    ask, read, other = _ASKED.get(name), _GOT.get(name), _OTHER.get(name)
    family = c_socket.__dict__["family"].__get__

    def call(self, *args, **kwargs):
        if family(self) not in INTERNET or self.fileno() < 0:
            return original(self, *args, **kwargs)
        file = self.fileno()
        asked = ask(args[0]) if ask and args else None
        idle = (file, name) in _idle
        number = 0 if idle else _begin(self, c_socket, name, asked)
        try:
            result = original(self, *args, **kwargs)
        except BlockingIOError:
            if not idle:
                _idle.add((file, name))
                _end(number, ',"error":"BlockingIOError"')
            raise
        except BaseException as error:
            _idle.discard((file, name))
            _end(number, ',"error":%s' % _quoted(type(error).__name__))
            raise
        if idle:
            _idle.discard((file, name))
            number = _begin(self, c_socket, name, asked)
        if name == "accept":
            _end(number, _ends_of(result[0], c_socket))
        elif name == "connect_ex" and result != 0:
            _end(number, ',"error":%s' % _quoted(os.strerror(result)))
        elif name in ("connect", "connect_ex", "bind", "listen"):
            _end(number, _ends_of(self, c_socket))
        else:
            got = read(result) if read else None
            # The first datagram gives its socket a port.
            ends = _ends_of(self, c_socket) if name in ("sendto", "sendmsg") else ""
            remote = _remote(other(args, result)) if other else ""
            _end(number, ("" if got is None else ',"bytes":%d' % got) + ends + remote)
        if name == "close":
            _ends.pop(file, None)
        return result

    call.__name__ = call.__qualname__ = attribute
    call.__doc__ = original.__doc__
    setattr(owner, attribute, call)


def _hook(module):
    c_socket = module._socket.socket
    for attribute in (*_ASKED, *_OTHERS):
        # Windows has no sendmsg.
        if hasattr(module.socket, attribute):
            _wrap(module.socket, c_socket, attribute)


class _OnImport:
    """Waits until the program imports socket; a file of its own that has this name is left alone."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "socket":
            return None
        sys.meta_path.remove(_OnImport)
        found = (finder.find_spec(name, path, target) for finder in list(sys.meta_path))
        spec = next((spec for spec in found if spec is not None), None)
        if spec is None or spec.origin is None or os.path.dirname(spec.origin) != os.path.dirname(os.__file__):
            return spec
        loader = spec.loader
        load = loader.exec_module

        def exec_module(module):
            del loader.exec_module
            load(module)
            try:
                _hook(module)
            except Exception:
                pass

        loader.exec_module = exec_module
        return spec


def _give_way():
    """To the sitecustomize that Python would have imported without us."""
    own = sys.modules.pop(__name__)
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        sys.modules[__name__] = own


def _remove_marks():
    if HERE in sys.path:
        sys.path.remove(HERE)
    for name in ("PYTHONPATH", "NODE_OPTIONS"):
        if HERE in os.environ.get(name, ""):
            del os.environ[name]


_remove_marks()
_give_way()
if "socket" in sys.modules:
    _hook(sys.modules["socket"])
else:
    sys.meta_path.insert(0, _OnImport)
