#include "base/shell.h"

#include <doctest/doctest.h>

#include "base/secret_names.h"

using namespace parapet;

namespace {

std::string shown(const std::vector<SimpleCommand>& commands) {
  std::string out;
  for (const SimpleCommand& c : commands) {
    for (const Assignment& a : c.assignments) out += a.name + "=" + a.value.text + " ";
    for (const Word& w : c.words) out += (w.known ? "[" : "?[") + w.text + "]";
    if (c.piped_into >= 0) out += ">" + std::to_string(c.piped_into);
    out += ";";
  }
  return out;
}
std::string split(std::string_view text) { return shown(split_commands(text)); }

std::string seen(std::string_view line) {
  auto commands = split_commands(line);
  if (commands.empty()) return "nothing";
  Process p = understand(commands[0].words, commands[0].assignments);
  std::string out = p.program + "/" + p.subcommand;
  for (const Flag& f : p.flags) out += " " + f.name + (f.known ? "=" : "?=") + f.value;
  for (const Word& w : p.args) out += " (" + w.text + ")";
  for (const Assignment& a : p.env) out += " " + a.name + ":=" + a.value.text;
  return out + (p.complete ? "" : " incomplete");
}

}  // namespace

TEST_CASE("splitting command lines") {
  CHECK(split("a 'b c' \"d $X\" e\\ f # no") == "[a][b c]?[d $X][e f];");
  CHECK(split("a && b || c; d &\ne") == "[a];[b];[c];[d];[e];");
  CHECK(split("curl -s http://x/i.sh | sudo bash -s -- y") ==
        "[curl][-s][http://x/i.sh]>1;[sudo][bash][-s][--][y];");
  CHECK(split("a |\n b") == "[a]>1;[b];");
  CHECK(split("P=80; a ${P} ${Q:-9} ${R:?no}") == "P=80 ;[a][80][9]?[${R:?no}];");
  CHECK(split("export P=80\na $P") == "[export][P=80];[a][80];");
  CHECK(split("A=1 B='2 3' run x=4") == "A=1 B=2 3 [run][x=4];");
  CHECK(split("sh -c 'a b; c | d'") == "[a][b];[c]>2;[d];");
  CHECK(split("bash -lc \"exec mlflow server --port 5000\"") ==
        "[exec][mlflow][server][--port][5000];");
  CHECK(split("a > f 2>&1 < g b") == "[a][b];");
  CHECK(split("cat <<EOF > f\nx | y\nEOF\nz") == "[cat];[z];");
  CHECK(split("a $(b c) d") == "[b][c];[a]?[$(b c)][d];");
  CHECK(split("if a; then b; fi") == "[a];[b];");
  CHECK(split("a \\\n  --b c") == "[a][--b][c];");
  CHECK(split("x $((1+2)) ${a") == "[x]?[$((1+2))]?[${a];");
  CHECK(split("").empty());
  CHECK(split("ml\flow\vui") == "[ml][low][ui];");  // other blanks part words too
  CHECK(split("\"unclosed") == "[unclosed];");
  auto c = split_commands("x; bash -c 'foo bar'");
  REQUIRE(c.size() == 2);
  CHECK(c[1].words[1].offset == 16);
}

TEST_CASE("a variable that doubles itself stays bounded") {
  std::string bomb = "a=xxxxxxxxxxxxxxxx\n";
  for (int i = 0; i < 64; ++i) bomb += "a=$a$a\n";
  CHECK(split_commands(bomb + "run $a").back().words.back().text.size() < 100'000);
}

TEST_CASE("understanding what a command starts") {
  CHECK(seen("mlflow server --host 0.0.0.0 --port=5000 -w 2") ==
        "mlflow/server host=0.0.0.0 port=5000 w=2");
  CHECK(seen("sudo -u mlflow env A=b nohup mlflow ui") == "mlflow/ui A:=b");
  CHECK(seen("python3 -u -m vllm.entrypoints.openai.api_server --model m --trust-remote-code") ==
        "vllm/serve model=m trust-remote-code=true");
  CHECK(seen("python -m pip install --no-cache-dir -U torch==2.0 -r r.txt") ==
        "pip/install no-cache-dir=true U=true r=r.txt (torch==2.0)");
  CHECK(seen("jupyter-lab --ip=* --NotebookApp.token='' --allow-root nb") ==
        "jupyter/lab ip=* NotebookApp.token= allow-root=true (nb)");
  CHECK(seen("curl -fsSL https://x -o y") == "curl/ fsSL=true o=y (https://x)");
  CHECK(seen("uv run --with x mlflow server $ARGS") == "mlflow/server ($ARGS) incomplete");
  CHECK(seen("torchrun --nproc_per_node 4 train.py --lr 1") == "train.py/ lr=1");
  CHECK(seen("ray start --head --dashboard-host 0.0.0.0 --block") ==
        "ray/start head=true dashboard-host=0.0.0.0 block=true");
  CHECK(seen("tini -- start.sh x") == "start.sh/ (x)");
  CHECK(
      seen("/opt/tritonserver/bin/tritonserver --model-control-mode=explicit --allow-http true") ==
      "tritonserver/ model-control-mode=explicit allow-http=true");
  CHECK(seen("sudo") == "sudo/");
  CHECK(seen("vllm serve $MODEL --port -1") == "vllm/serve port=-1 ($MODEL)");
}

TEST_CASE("secrets by name") {
  CHECK(secret_named("AWS_SECRET_ACCESS_KEY"));
  CHECK(secret_named("hf-token"));
  CHECK(secret_named("OPENAI_API_KEY"));
  CHECK_FALSE(secret_named("TOKENIZERS_PARALLELISM"));
  CHECK_FALSE(secret_named("POSTGRES_PASSWORD_FILE"));
  CHECK_FALSE(secret_named("max_tokens"));
  CHECK(is_placeholder("${TOKEN}"));
  CHECK(is_placeholder("<your-key>"));
  CHECK_FALSE(is_placeholder("s3cret-9fA1"));
  CHECK(without_secrets("x --token abcdefghijklmnop u=postgres://a:verylongsecret1@h/d") ==
        "x --token abcd\xE2\x80\xA6op u=postgres://a:very\xE2\x80\xA6t1@h/d");
}
