"""Pickles put together opcode by opcode (CPython's Lib/pickletools.py), never by pickling an object: what is written
here is data about callables, nothing imports or calls them.

Values: Python's None, bool, int, float, str, bytes, tuple, list, dict; and the nodes below for what a load would do."""
import struct


class Name:            # an import
    def __init__(self, module, name):
        self.module, self.name = module, name


class Call:            # func(*args) by REDUCE, then list and dictionary items, then BUILD
    def __init__(self, func, *args, state=None, items=None, pairs=None):
        self.func, self.args, self.state, self.items, self.pairs = func, args, state, items, pairs


class New(Call):       # cls.__new__(cls, *args) by NEWOBJ
    pass


class NewEx(Call):     # the same with keywords
    def __init__(self, func, *args, keywords=None, **more):
        super().__init__(func, *args, **more)
        self.keywords = keywords or {}


class Inst(Call):      # INST: Call.func is a Name
    pass


class Obj(Call):       # OBJ
    pass


class Reconstruct(Call):  # copyreg._reconstructor(cls, object, None): protocols 0 and 1
    pass


class Ext:             # a number of the extension registry
    def __init__(self, code):
        self.code = code


class Persistent:
    def __init__(self, pid):
        self.pid = pid


class Computed:        # an import whose module and name are values
    def __init__(self, module, name):
        self.module, self.name = module, name


class Raw:             # opcodes as they are
    def __init__(self, data):
        self.data = data


class Steps:           # values made and dropped, the last one stays
    def __init__(self, *values):
        self.values = values


class Writer:
    """Writes values with one protocol. `memo` says whether values go into the memo as pickle's own writer does it;
    `escape` writes texts of protocol 0 with escapes; `string` writes texts as Python 2's str."""

    def __init__(self, protocol, memo=True, escape=False, string=False, frame=True):
        self.protocol, self.memo, self.escape, self.string, self.frame = protocol, memo, escape, string, frame
        self.stored = 0

    def dumps(self, value):
        body = self.value(value) + b'.'
        head = b'\x80' + bytes([self.protocol]) if self.protocol >= 2 else b''
        if self.protocol >= 4 and self.frame:
            head += b'\x95' + struct.pack('<Q', len(body))
        return head + body

    def put(self):
        if not self.memo:
            return b''
        n, self.stored = self.stored, self.stored + 1
        if self.protocol >= 4:
            return b'\x94'
        if self.protocol >= 1:
            return b'q' + bytes([n]) if n < 256 else b'r' + struct.pack('<I', n)
        return b'p%d\n' % n

    def text(self, s):
        data = s.encode('utf-8', 'surrogatepass')
        if self.string and s.isascii():
            if self.protocol >= 1:
                out = b'U' + bytes([len(data)]) + data if len(data) < 256 else b'T' + struct.pack('<i', len(data)) + data
            else:
                out = b"S'" + (b''.join(b'\\x%02x' % c for c in data) if self.escape else
                               data.replace(b'\\', b'\\\\').replace(b"'", b"\\'").replace(b'\n', b'\\n')) + b"'\n"
        elif self.protocol == 0:
            out = b'V' + (b''.join(b'\\u%04x' % ord(c) for c in s) if self.escape else
                          s.replace('\\', '\\u005c').replace('\n', '\\u000a').encode('raw-unicode-escape')) + b'\n'
        elif self.protocol >= 4 and len(data) < 256:
            out = b'\x8c' + bytes([len(data)]) + data
        else:
            out = b'X' + struct.pack('<I', len(data)) + data
        return out + self.put()

    def binary(self, b):
        if self.protocol < 3:
            return self.value(Call(Name('_codecs', 'encode'), b.decode('latin-1'), 'latin1'))
        out = b'C' + bytes([len(b)]) + b if len(b) < 256 else b'B' + struct.pack('<I', len(b)) + b
        return out + self.put()

    def number(self, n):
        if self.protocol == 0:
            return b'I%d\n' % n if -2**31 <= n < 2**31 else b'L%dL\n' % n
        if 0 <= n < 256:
            return b'K' + bytes([n])
        if 0 <= n < 65536:
            return b'M' + struct.pack('<H', n)
        if -2**31 <= n < 2**31:
            return b'J' + struct.pack('<i', n)
        if self.protocol < 2:
            return b'L%dL\n' % n
        data = n.to_bytes(n.bit_length() // 8 + 1, 'little', signed=True)
        return b'\x8a' + bytes([len(data)]) + data

    def name(self, module, name):
        if self.protocol >= 4:
            return self.text(module) + self.text(name) + b'\x93' + self.put()
        return b'c' + module.encode() + b'\n' + name.encode() + b'\n' + self.put()

    def tuple(self, values):
        body = b''.join(map(self.value, values))
        if self.protocol >= 2 and 1 <= len(values) <= 3:
            return body + bytes([0x84 + len(values)]) + self.put()
        if not values and self.protocol >= 1:
            return b')'
        return b'(' + body + b't' + self.put()

    def fill(self, items, pairs):
        out = b''
        if items:
            out += b'(' + b''.join(map(self.value, items)) + b'e' if self.protocol >= 1 else b''.join(self.value(i) + b'a' for i in items)
        if pairs:
            written = [self.value(k) + self.value(v) for k, v in pairs]
            out += b'(' + b''.join(written) + b'u' if self.protocol >= 1 else b''.join(w + b's' for w in written)
        return out

    def call(self, c):
        if isinstance(c, Inst):
            out = b'(' + b''.join(map(self.value, c.args)) + b'i' + c.func.module.encode() + b'\n' + c.func.name.encode() + b'\n'
        elif isinstance(c, Obj):
            out = b'(' + self.value(c.func) + b''.join(map(self.value, c.args)) + b'o'
        elif isinstance(c, Reconstruct) or isinstance(c, New) and self.protocol < 2:
            if c.args:
                out = self.value(Name('copyreg', '__newobj__')) + self.tuple((c.func,) + c.args) + b'R'
            else:
                out = self.value(Name('copyreg', '_reconstructor')) + self.tuple((c.func, Name('builtins', 'object'), None)) + b'R'
        elif isinstance(c, NewEx):
            out = self.value(c.func) + self.tuple(c.args) + self.value(c.keywords) + b'\x92'
        elif isinstance(c, New):
            out = self.value(c.func) + self.tuple(c.args) + b'\x81'
        else:
            out = self.value(c.func) + self.tuple(c.args) + b'R'
        out += self.put() + self.fill(c.items, list(c.pairs.items()) if isinstance(c.pairs, dict) else c.pairs)
        return out if c.state is None else out + self.value(c.state) + b'b'

    def value(self, v):
        if v is None:
            return b'N'
        if v is True or v is False:
            return (b'\x88' if v else b'\x89') if self.protocol >= 2 else (b'I01\n' if v else b'I00\n')
        if isinstance(v, int):
            return self.number(v)
        if isinstance(v, float):
            return b'G' + struct.pack('>d', v) if self.protocol >= 1 else b'F' + repr(v).encode() + b'\n'
        if isinstance(v, str):
            return self.text(v)
        if isinstance(v, (bytes, bytearray)):
            return self.binary(bytes(v))
        if isinstance(v, tuple):
            return self.tuple(v)
        if isinstance(v, list):
            return (b']' if self.protocol >= 1 else b'(l') + self.put() + self.fill(v, None)
        if isinstance(v, dict):
            return (b'}' if self.protocol >= 1 else b'(d') + self.put() + self.fill(None, list(v.items()))
        if isinstance(v, Name):
            python2 = {'builtins': '__builtin__', 'copyreg': 'copy_reg'} if self.protocol <= 2 else {}
            return self.name(python2.get(v.module, v.module), v.name)
        if isinstance(v, Computed):
            return self.value(v.module) + self.value(v.name) + b'\x93' + self.put()
        if isinstance(v, Ext):
            return b'\x82' + bytes([v.code]) if v.code < 256 else b'\x83' + struct.pack('<H', v.code) if v.code < 65536 else b'\x84' + struct.pack('<i', v.code)
        if isinstance(v, Persistent):
            return self.value(v.pid) + b'Q'
        if isinstance(v, Raw):
            return v.data
        if isinstance(v, Steps):
            return b'0'.join(map(self.value, v.values))
        if isinstance(v, Call):
            return self.call(v)
        raise TypeError(type(v))


def dumps(value, protocol, **how):
    return Writer(protocol, **how).dumps(value)
