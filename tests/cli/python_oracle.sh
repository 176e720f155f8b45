# CPython's own parser as the judge: of its library every file that `ast` takes is valid Python to us too, and we see the same imports.
python=
for candidate in python3.13 python3.12 python3.11 python3; do
  "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { python=$candidate; break; }
done
[ -n "$python" ] || skip "no python3 of 3.11 or later"
library=$("$python" -c 'import os; print(os.path.dirname(os.__file__))')
mkdir tree
# Of the library's own files; installed packages differ from machine to machine.
(cd "$library" && find . -name '*.py' -not -path './site-packages/*' -not -path './dist-packages/*' -size -1024k | sort | head -n 700 | tar cf - -T -) |
  tar xf - -C tree
"$PARAPET" facts tree -k import > facts

"$python" - . <<'END' || fail "read otherwise than by ast"
import ast, os, re, sys, warnings

warnings.simplefilter("ignore")
work = sys.argv[1]
ours, invalid, name = {}, set(), None
for line in open(work + "/facts", errors="replace"):
    if line.startswith("tree/"):
        head = line.rstrip("\n")
        name = re.split(r"\.py\b", head)[0] + ".py"
        ours.setdefault(name, set())
        if "not valid Python" in head:
            invalid.add(name)
    elif m := re.match(r"      module = (.*)", line):
        ours[name].add(m[1])
    elif line.startswith("      module =? "):
        ours[name].add(line[15:].strip())

files = wrong = imports = 0
for folder, _, names in os.walk(work + "/tree"):
    for n in sorted(names):
        path = os.path.join(folder, n)
        shown = os.path.relpath(path, work)
        try:
            tree = ast.parse(open(path, "rb").read())
        except (SyntaxError, ValueError, RecursionError):
            continue
        files += 1
        theirs = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                theirs |= {a.name for a in node.names}
            elif isinstance(node, ast.ImportFrom):
                theirs.add("." * node.level + (node.module or ""))
        imports += len(theirs)
        if shown in invalid:
            print("not valid to us:", shown)
            wrong += 1
        elif not theirs <= ours.get(shown, set()):
            print("imports not seen:", shown, sorted(theirs - ours.get(shown, set()))[:5])
            wrong += 1
print(f"{files} files, {imports} modules imported, {wrong} read otherwise than by ast")
sys.exit(files < 300 or wrong > 0)
END
