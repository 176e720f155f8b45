"""Which callables of Python's standard library an attacker's pickle may profit from: worked out from the library's own
sources, so that the list owes nothing to the tables of the scanner that is measured with it.

A function is on it when a few calls lead from it to a primitive (below) with an argument that its caller chose. Sources
are parsed, never imported: the call graph is that of the syntax trees, a value counts as chosen by the caller when it
is computed from a parameter. A class is on it for its __init__ or __new__, a method under its dotted name."""
import ast
import os
import re
import sysconfig

# What the interpreter itself implements, by what it does. Everything else is derived.
PRIMITIVES = {
    'code': {'builtins': 'exec eval compile', 'marshal': 'loads load', '_pickle': 'loads load Unpickler',
             '_imp': 'create_dynamic exec_dynamic create_builtin', '_ctypes': 'dlopen', '_xxsubinterpreters': 'run_string'},
    'imports': {'builtins': '__import__', '_frozen_importlib': '_gcd_import __import__'},
    'process': {'posix': 'system execv execve fork forkpty fork1 posix_spawn posix_spawnp kill killpg _exit abort setuid setgid chroot nice',
                '_posixsubprocess': 'fork_exec', '_thread': 'start_new_thread'},
    'files': {'builtins': 'open', '_io': 'open FileIO open_code',
              'posix': 'open remove unlink rmdir rename replace mkdir link symlink chmod chown lchown truncate mkfifo mknod chdir '
                       'putenv unsetenv listdir scandir readlink',
              '_dbm': 'open', '_gdbm': 'open', '_sqlite3': 'connect', 'readline': 'read_init_file write_history_file'},
    'network': {'_socket': 'socket getaddrinfo gethostbyname gethostbyaddr'},
}
# Modules whose names are those of another: os takes all of posix.
STAR = {'os': 'posix', 'nt': 'posix'}
SKIPPED = re.compile(r'(^|/)(site-packages|dist-packages|__pycache__|config-[^/]*|idle_test|tests?|lib-dynload)(/|$)')
DEEPEST = 6


def sources(root):
    """(module, path) of every source of the library; of its test package only what other tests are helped by."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        for f in sorted(files):
            if not f.endswith('.py'):
                continue
            path = os.path.relpath(os.path.join(folder, f), root)
            if SKIPPED.search(os.path.dirname(path)) and not path.startswith('test/support/'):
                continue
            module = path[:-3].replace('/', '.')
            module = module[:-9] if module.endswith('.__init__') else module
            if module.split('.')[0] not in ('sitecustomize', 'usercustomize') and not module.endswith('__main__'):
                yield module, os.path.join(folder, f)


def names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


class Function:
    def __init__(self, module, qualname, node, cls):
        self.module, self.qualname, self.cls = module, qualname, cls
        a = node.args
        self.parameters = {p.arg for p in a.posonlyargs + a.args + a.kwonlyargs + [x for x in (a.vararg, a.kwarg) if x]}
        self.imports = {}
        self.calls = []  # dotted callee as written
        chosen = set(self.parameters)
        body = [n for b in node.body for n in ast.walk(b)]
        for _ in range(2):
            for n in body:
                if isinstance(n, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and n.value is not None:
                    if names_in(n.value) & chosen:
                        for t in (n.targets if isinstance(n, ast.Assign) else [n.target]):
                            chosen |= {x.id for x in ast.walk(t) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)}
                elif isinstance(n, ast.For) and names_in(n.iter) & chosen:
                    chosen |= {x.id for x in ast.walk(n.target) if isinstance(x, ast.Name)}
                elif isinstance(n, ast.With):
                    for item in n.items:
                        if item.optional_vars is not None and names_in(item.context_expr) & chosen:
                            chosen |= names_in(item.optional_vars)
        for n in body:
            if isinstance(n, (ast.Import, ast.ImportFrom)):
                note_import(n, module, self.imports)
            elif isinstance(n, ast.Assign) and len(n.targets) == 1 and isinstance(n.targets[0], ast.Name) and dotted(n.value):
                self.imports.setdefault(n.targets[0].id, ('=', dotted(n.value)))
            elif isinstance(n, ast.Call):
                given = set().union(*[names_in(x) for x in n.args + [k.value for k in n.keywords]] or [set()])
                if given & chosen or (isinstance(n.func, ast.Attribute) and names_in(n.func) & {'self', 'cls'} & chosen):
                    name = dotted(n.func)
                    if name:
                        self.calls.append((name, bool(given & chosen)))
                    # A function handed on beside what the caller chose: _spawnvef(mode, file, args, None, execv)
                    self.calls += [(dotted(x), True) for x in n.args if isinstance(x, (ast.Name, ast.Attribute)) and given & chosen and
                                   dotted(x) and not names_in(x) & chosen]


def dotted(node):
    """a.b.c as written; A(…).b counts as A.b, a method of the class A."""
    parts = []
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        else:
            node = node.func
    if not isinstance(node, ast.Name):
        return None
    return '.'.join(reversed(parts + [node.id]))


def note_import(node, module, into):
    if isinstance(node, ast.Import):
        for a in node.names:
            into[a.asname or a.name.split('.')[0]] = (a.name if a.asname else a.name.split('.')[0], None)
        return
    base = node.module or ''
    if node.level:
        parent = module.split('.')
        parent = parent[:len(parent) - node.level + (1 if is_package.get(module) else 0)]
        base = '.'.join(parent + ([node.module] if node.module else []))
    for a in node.names:
        if a.name == '*':
            into.setdefault('*', []).append(base)
        else:
            into[a.asname or a.name] = (base, a.name)


is_package = {}


class Library:
    def __init__(self, root):
        self.functions, self.classes, self.imports = {}, {}, {}
        found = list(sources(root))
        for module, path in found:
            is_package[module] = path.endswith('__init__.py')
        for module, path in found:
            try:
                tree = ast.parse(open(path, encoding='utf-8').read())
            except (SyntaxError, UnicodeDecodeError):
                continue
            self.read(module, tree)

    def read(self, module, tree):
        env = self.imports[module] = {}
        for node in tree.body:
            for n in ([node] if not isinstance(node, (ast.If, ast.Try)) else ast.walk(node)):
                if isinstance(n, (ast.Import, ast.ImportFrom)):
                    note_import(n, module, env)
                elif isinstance(n, ast.Assign) and isinstance(n.value, (ast.Name, ast.Attribute)) and dotted(n.value):
                    for t in n.targets:
                        if isinstance(t, ast.Name) and t.id not in env:
                            env[t.id] = ('=', dotted(n.value))
                elif isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.functions.setdefault((module, n.name), Function(module, n.name, n, None))
                elif isinstance(n, ast.ClassDef):
                    self.classes[(module, n.name)] = [dotted(b) for b in n.bases if dotted(b)]
                    for m in n.body:
                        if isinstance(m, (ast.FunctionDef, ast.AsyncFunctionDef)):
                            q = n.name + '.' + m.name
                            self.functions.setdefault((module, q), Function(module, q, m, n.name))

    def resolve(self, module, name, env=None, depth=0, own=True):
        """(module, qualified name) that a dotted name means in a module, as far as the sources tell."""
        if depth > 6:
            return None
        head, _, rest = name.partition('.')
        if (module, name) in self.functions or (module, name) in self.classes:
            return module, name
        for table in (env or {}, self.imports.get(module, {})):
            if head in table and head != '*':
                base, original = table[head]
                if base == '=':
                    if original.partition('.')[0] == head:
                        return None
                    return self.resolve(module, original + ('.' + rest if rest else ''), env, depth + 1, True)
                full = (original + ('.' + rest if rest else '')) if original else rest
                if original and base + '.' + original in self.imports:
                    base, full = base + '.' + original, rest
                while full and '.' in full and base + '.' + full.split('.')[0] in self.imports:
                    base, full = base + '.' + full.split('.')[0], full.partition('.')[2]
                if not full:
                    return None
                return self.resolve(base, full, None, depth + 1, False) or (base, full)
        if (module, head) in self.classes and rest:
            return self.method(module, head, rest)
        if module in STAR and head != name:
            return None
        if module in STAR:
            return STAR[module], name
        for base in self.imports.get(module, {}).get('*', []):
            at = self.resolve(base, name, None, depth + 1, False)
            if at:
                return at
        return ('builtins', name) if own and not rest else None

    def method(self, module, cls, name, depth=0):
        if (module, cls + '.' + name) in self.functions:
            return module, cls + '.' + name
        if depth < 5:
            for base in self.classes.get((module, cls), []):
                at = self.resolve(module, base)
                if at in self.classes:
                    found = self.method(*at, name, depth + 1)
                    if found:
                        return found
        return None


def primitive_table():
    return {(m, n): what for what, rows in PRIMITIVES.items() for m, names in rows.items() for n in names.split()}


def derive(root=None):
    """[(module, qualified name, kind, what)], sorted. kind: function, class, method."""
    lib = Library(root or sysconfig.get_path('stdlib'))
    reached = dict(primitive_table())
    edges = {}
    for key, f in lib.functions.items():
        targets = []
        for name, given in f.calls:
            head, _, rest = name.partition('.')
            if head in ('self', 'cls') and f.cls and rest:
                at = lib.method(f.module, f.cls, rest)
            elif not given or (head in f.parameters and head not in f.imports):
                continue
            else:
                at = lib.resolve(f.module, name, f.imports)
            if at:
                targets.append(at)
        edges[key] = targets
    for _ in range(DEEPEST):
        fresh = {}
        for key, targets in edges.items():
            for at in targets:
                if key not in reached and at in reached:
                    fresh[key] = reached[at]
        for (module, cls), bases in lib.classes.items():
            if any(lib.resolve(module, b) in reached for b in bases) and (module, cls) not in reached:
                fresh.setdefault((module, cls), next(reached[lib.resolve(module, b)] for b in bases if lib.resolve(module, b) in reached))
            for ctor in ('__init__', '__new__'):
                at = lib.method(module, cls, ctor)
                if at in reached and (module, cls) not in reached:
                    fresh.setdefault((module, cls), reached[at])
        reached.update(fresh)
    out = []
    for (module, name), what in reached.items():
        if '__' in name or any(p.startswith('__') for p in name.split('.')) and name not in ('__import__',):
            if name != '__import__':
                continue
        kind = 'class' if (module, name) in lib.classes or name[:1].isupper() and '.' not in name else 'method' if '.' in name else 'function'
        out.append((module, name, kind, what))
    # os, subprocess and others hand out C functions under their own name.
    for module, star in STAR.items():
        out += [(module, n, 'function', what) for (m, n), what in primitive_table().items() if m == star]
    return sorted(set(out))


if __name__ == '__main__':
    rows = derive()
    for row in rows:
        print(*row)
    print(len(rows), 'callables')
