#!/usr/bin/env python3
"""Copies text files that are installed on this machine into a folder, for bench/text.

  make_text_tree.py FOLDER MIB [FILES]

Sorted by path and cut at MIB mebibytes, so that the same machine gives the same tree. With FILES that many files at most, and only such
as are large enough for both numbers to be met. Kinds of text in turn:
Python, C, JSON, YAML, Markdown, notebooks, shell, HTML, plain text.
"""
import os
import sys

ROOTS = ["/usr/lib/python3", "/usr/include", "/usr/share", "/usr/lib/node_modules", "/usr/local/lib", "/usr/lib/python3.11", "/usr/src"]
KINDS = {".py", ".h", ".c", ".hpp", ".json", ".yaml", ".yml", ".md", ".ipynb", ".sh", ".html", ".txt", ".js", ".ts", ".toml", ".cfg", ".ini", ".css", ".pl", ".rst", ".xml"}


def files_by_kind(least):
    found = {}
    for root in ROOTS:
        for folder, _, names in sorted(os.walk(root)):
            for name in sorted(names):
                path = os.path.join(folder, name)
                kind = os.path.splitext(name)[1]
                if kind in KINDS and not os.path.islink(path) and least <= os.path.getsize(path) < 4 << 20:
                    found.setdefault(kind, []).append(path)
    return found


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    target, left = sys.argv[1], int(sys.argv[2]) << 20
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 30
    least = left // most // 3
    count = 0
    found = sorted(files_by_kind(least).items())
    if not found:
        sys.exit("no text of that size is installed here")
    # A machine with little text gives its files again, under other names.
    while left > 0 and count < most:
        queues = [iter(paths) for _, paths in found]
        while queues and left > 0 and count < most:
            for queue in list(queues):
                path = next(queue, None)
                if path is None:
                    queues.remove(queue)
                    continue
                data = open(path, "rb").read()
                out = os.path.join(target, str(count // 200), f"{count}_{os.path.basename(path)}")
                os.makedirs(os.path.dirname(out), exist_ok=True)
                with open(out, "wb") as f:
                    f.write(data)
                left -= len(data)
                count += 1
                if left <= 0 or count >= most:
                    break
    print(f"{count} files, {(int(sys.argv[2]) << 20) - left >> 20} MiB in {target}")


main()
