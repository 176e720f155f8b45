#!/usr/bin/env python3
"""Writes the files that bench/run measures: python3 bench/make_corpus.py FOLDER

Only the standard library, always the same bytes, about 2.8 GB. What is there already is kept:

    checkpoint.pt        1 GiB   a PyTorch zip: data.pkl and 64 stored blobs of 16 MiB
    records.pkl          200 MB  one protocol 4 pickle of 1.26 million records
    weights.safetensors  500 MB  a header of 512 tensors and their bytes
    weights.gguf         500 MB  the same tensors behind the values of a language model
    weights.onnx         500 MB  the same tensors as initializers of a graph, each with a node
    tiny.pkl             60 B    start-up time
    small/               58 MB   2,000 files: 1,000 pickles of which 20 call os.system, 500 npy, 500 json
    labels.txt                   the 20 that must be found, one path a line
"""
import json
import os
import pickle
import random
import shutil
import struct
import sys
import zipfile

MIB = 1 << 20


def noise(seed, size):
    """Pseudo-random bytes: weights do not compress, and zeros would flatter every reader."""
    return random.Random(seed).randbytes(size)


def whole(path, write):
    """A file is there whole or not at all, also after Ctrl-C."""
    if os.path.exists(path):
        print("kept  ", path)
        return
    write(path + ".part")
    os.replace(path + ".part", path)
    print("wrote ", path, os.path.getsize(path))


def tensor(key, elements):
    """One entry of a state dict as torch.save writes it, the storage by persistent id."""
    name, storage = key.encode(), key.rsplit(".", 1)[-1].encode()
    return (
        b"X" + struct.pack("<I", len(name)) + name
        + b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
        + b"X" + struct.pack("<I", len(storage)) + storage + b"X\x03\x00\x00\x00cpuJ" + struct.pack("<i", elements) + b"tQ"
        + b"K\x00J" + struct.pack("<i", elements) + b"\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR"
    )


def checkpoint(path):
    blobs, size = 64, 16 * MIB
    stream = b"\x80\x02ccollections\nOrderedDict\n)R(" + b"".join(tensor(f"layers.{i}", size // 4) for i in range(blobs)) + b"u."
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        def put(name, data):
            out.writestr(zipfile.ZipInfo("checkpoint/" + name, (2026, 1, 1, 0, 0, 0)), data)
        put("data.pkl", stream)
        put("byteorder", b"little")
        for i in range(blobs):
            put(f"data/{i}", noise(i, size))
        put("version", b"3\n")


def records(path):
    """Batches of dicts, as a feature cache has them: many small opcodes, memo references, no long blobs."""
    r = random.Random(200)
    merchants = ["grocer", "fuel", "travel", "games", "pharmacy"]
    rows = []
    for i in range(1_260_000):
        rows.append({
            "card": 4_000_000_000 + i, "amount": r.random() * 900, "merchant": r.choice(merchants),
            "country": "DE", "device": f"{r.getrandbits(64):016x}", "vector": [r.random() for _ in range(10)], "hour": r.randrange(300, 9000),
            "label": i % 97 == 0,
        })
    with open(path, "wb") as out:
        pickle.dump(rows, out, protocol=4)


def safetensors(path):
    count, each = 512, 1_000_000
    header = {"__metadata__": {"format": "pt"}}
    for i in range(count):
        header[f"model.layers.{i}.weight"] = {"dtype": "F16", "shape": [500, 1000], "data_offsets": [i * each, (i + 1) * each]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for i in range(count):
            out.write(noise(10_000 + i, each))


def gguf(path):
    count, each = 512, 1_000_000
    text = lambda s: struct.pack("<Q", len(s)) + s.encode()
    values = [("general.architecture", "llama"), ("general.name", "bench"), ("tokenizer.ggml.model", "gpt2")]
    head = b"GGUF" + struct.pack("<IQQ", 3, count, len(values) + 1)
    for key, value in values:
        head += text(key) + struct.pack("<I", 8) + text(value)
    words = [f"token{i}" for i in range(32_000)]
    head += text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, len(words)) + b"".join(map(text, words))
    for i in range(count):
        head += text(f"blk.{i}.weight") + struct.pack("<IQQIQ", 2, 500, 1000, 1, i * each)
    with open(path, "wb") as out:
        out.write(head + b"\0" * (-len(head) % 32))
        for i in range(count):
            out.write(noise(10_000 + i, each))


def onnx(path):
    count, each = 512, 1_000_000

    def varint(n):
        out = b""
        while n > 0x7F:
            out, n = out + bytes([n & 0x7F | 0x80]), n >> 7
        return out + bytes([n])

    def field(number, data):
        data = data.encode() if isinstance(data, str) else data
        return varint(number << 3 | 2) + varint(len(data)) + data

    def number(at, n):
        return varint(at << 3) + varint(n)

    nodes = b""
    for i in range(count):  # NodeProto: input 1, output 2, name 3, op_type 4
        nodes += field(1, field(1, f"x{i}") + field(1, f"w{i}") + field(2, f"x{i + 1}") + field(3, f"n{i}") + field(4, "MatMul"))
    # TensorProto: dims 1, data_type 2, name 8, raw_data 9 (FLOAT16 = 10)
    tensor = number(1, 500) + number(1, 1000) + number(2, 10)
    heads = [tensor + field(8, f"w{i}") + varint(9 << 3 | 2) + varint(each) for i in range(count)]
    graph = len(nodes) + sum(1 + len(varint(len(h) + each)) + len(h) + each for h in heads)
    with open(path, "wb") as out:
        out.write(number(1, 8) + field(2, "bench") + field(8, field(1, "") + number(2, 17)))
        out.write(varint(7 << 3 | 2) + varint(graph) + nodes)
        for i, head in enumerate(heads):
            out.write(varint(5 << 3 | 2) + varint(len(head) + each) + head)
            out.write(noise(10_000 + i, each))


def tiny(path):
    with open(path, "wb") as out:
        out.write(pickle.dumps({"threshold": 0.871, "name": "fraud_gru"}, protocol=2))


def small(folder, labels):
    part = folder + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    r = random.Random(2000)
    bad = set(range(25, 1000, 50))
    for i in range(1000):
        rows = [{"id": k, "score": r.random(), "name": f"feature_{r.randrange(400)}", "on": k % 3 == 0} for k in range(700)]
        data = pickle.dumps(rows, protocol=2 + i % 3)
        if i in bad:
            payload = b"cposix\nsystem\nX\x04\x00\x00\x00true\x85R0"
            data = data[:2] + payload + data[2:] if i % 3 == 0 else data[:-1] + b"0" + payload + b"N."
        with open(f"{part}/m{i:04d}.pkl", "wb") as out:
            out.write(data)
    for i in range(500):
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (8192,), }"
        header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
        with open(f"{part}/a{i:04d}.npy", "wb") as out:
            out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + noise(30_000 + i, 32768))
    for i in range(500):
        with open(f"{part}/c{i:04d}.json", "w") as out:
            json.dump({"run": i, "metrics": [{"step": k, "loss": r.random(), "lr": 3e-4} for k in range(400)]}, out)
    os.replace(part, folder)
    with open(labels, "w") as out:
        out.writelines(f"small/m{i:04d}.pkl\n" for i in sorted(bad))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < 4 << 30 and not os.path.exists(f"{folder}/checkpoint.pt"):
        sys.exit(f"{folder}: {free >> 20} MiB free, 4 GiB wanted")
    whole(f"{folder}/checkpoint.pt", checkpoint)
    whole(f"{folder}/records.pkl", records)
    whole(f"{folder}/weights.safetensors", safetensors)
    whole(f"{folder}/weights.gguf", gguf)
    whole(f"{folder}/weights.onnx", onnx)
    whole(f"{folder}/tiny.pkl", tiny)
    if os.path.isdir(f"{folder}/small"):
        print("kept  ", f"{folder}/small")
    else:
        small(f"{folder}/small", f"{folder}/labels.txt")
        total = sum(e.stat().st_size for e in os.scandir(f"{folder}/small"))
        print("wrote ", f"{folder}/small", total)


if __name__ == "__main__":
    main()
