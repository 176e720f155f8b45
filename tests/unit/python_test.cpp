// Names and values of Python sources, as rules rely on them.
#include "syntax/python.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace parapet;

namespace {

PyCall last_call(std::string_view text) {
  PythonModule m = read_python(text);
  REQUIRE(!m.calls.empty());
  return m.calls.back();
}

// Calls stand in the order of their first byte: the outer one first.
PyCall first_call(std::string_view text) {
  PythonModule m = read_python(text);
  REQUIRE(!m.calls.empty());
  return m.calls.front();
}

}  // namespace

TEST_CASE("names of calls") {
  CHECK(last_call("import torch as t\nt.load(x)").name == "torch.load");
  CHECK(last_call("import a.b.c\na.b.c.f()").name == "a.b.c.f");
  CHECK(last_call("import a.b as c\nc.f()").name == "a.b.f");
  CHECK(last_call("from yaml import load as l\nl(f)").name == "yaml.load");
  CHECK(last_call("from . import m\nm.f()").name == ".m.f");
  CHECK(last_call("from ..p import m\nm.f()").name == "..p.m.f");
  CHECK(first_call("import os\ngetattr(os, 'sys' + 'tem')('id')").name == "os.system");
  CHECK(last_call("c = __import__('os')\nc.system('id')").name == "os.system");
  CHECK(first_call("import importlib\nimportlib.import_module('os').system('id')").name ==
        "os.system");
  CHECK(last_call("from mlflow import MlflowClient\nc = MlflowClient()\nc.search()").name ==
        "mlflow.MlflowClient().search");
  CHECK(last_call("from m import C\ndef f(c: C):\n  c.go()").name == "m.C().go");
  CHECK_FALSE(last_call("def eval(x): return x\neval(1)").rooted);
  CHECK_FALSE(last_call("import os\ndef f(os):\n  os.system('id')").rooted);
  CHECK(last_call("try:\n  import q\nexcept ImportError:\n  q = None\nq.f()").name == "q.f");
}

TEST_CASE("calls through other names") {
  PyCall c = last_call(
      "import torch\nfrom functools import partial\n"
      "load = partial(torch.load, weights_only=False)\nload('x')");
  CHECK(c.name == "torch.load");
  CHECK(c.keyword("weights_only")->is_false());
  c = last_call("import torch\no = {'weights_only': False, 'f': 1}\ntorch.load('x', **o)");
  CHECK(c.keyword("weights_only")->is_false());
  CHECK_FALSE(c.unpacks());
  CHECK(last_call("import torch\no = dict(o)\ntorch.load('x', **o)").unpacks());
  CHECK(last_call("import pickle\nload = pickle.load\nload(f)").name == "pickle.load");
  CHECK(last_call("import pickle\nclass A:\n  def __init__(self):\n    self.load = pickle.load\n"
                  "  def go(self, f):\n    self.load(f)")
            .name == "pickle.load");
}

TEST_CASE("attributes of self") {
  constexpr std::string_view of = "import a\nclass C:\n  def __init__(self):\n    self.x = 'v'\n";
  CHECK(last_call(std::string(of) + "  def f(self):\n    a.f(self.x)").arguments.at(0).value.text ==
        "v");
  CHECK_FALSE(last_call(std::string(of) + "  def f(self):\n    self.x = y\n    a.f(self.x)")
                  .arguments.at(0)
                  .value.known);
}

TEST_CASE("values of arguments") {
  auto first = [](std::string_view text) { return first_call(text).arguments.at(0).value; };
  CHECK(first("import a\nN = 'x'\na.f(N)").text == "x");
  CHECK(first("import a\nN = 'x'\na.f(f'{N}/y' 'z')").text == "x/yz");
  CHECK(first("import a\nN = 'x'\nN = 'y'\na.f(N)").known == false);
  CHECK(first("import a\na.f(f'{b}/y')").text == "{}/y");
  CHECK(first("import a\na.f(b'\\x41\\n')").text == "A\n");
  CHECK(first("import a\na.f(r'\\x41')").text == "\\x41");
  CHECK(first("import a\na.f(-1)").text == "-1");
  CHECK(first("import a\nx = x\na.f(x)").known == false);
  CHECK(first("import a, os\na.f(os.environ.get('K', 'd'))").from_environment);
  CHECK(first("import a\na.f(a.B)").text == "a.B");
  CHECK(first("import a\nN = 'x'\na.f('{}/{n}{{}}'.format(N, n=1))").text == "x/1{}");
  CHECK(first("import a\nN = 'x'\na.f('{}/{0}'.format(b))").known == false);
  CHECK(first("import a\nN = 'x'\na.f('%s/y' % N)").text == "x/y");
  CHECK(last_call("import a, click\n@click.command()\n@click.option('--the-host', default='h')\n"
                  "def f(the_host):\n  a.f(the_host)")
            .arguments.at(0)
            .value.text == "h");
  CHECK(last_call("import a, typer\napp = typer.Typer()\n@app.command()\n"
                  "def f(host: str = typer.Option('h'), b='c'):\n  a.f(host)")
            .arguments.at(0)
            .value.is_text());
  CHECK(last_call("import a\nclass S(B):\n  host: str = '0.0.0.0'\ns = S()\na.f(s.host)")
            .arguments.at(0)
            .value.text == "0.0.0.0");
  CHECK(last_call("import a\ndef f(host='h'):\n  a.f(host)").arguments.at(0).value.known == false);
  CHECK(last_call("import a\na.f(*x, **y)").unpacks());
}

namespace {

// "request>command 2,3": where it enters, what it arrives at, the lines on the way.
std::string flows(std::string_view text) {
  PythonModule m = read_python(text);
  LineIndex lines(text);
  static constexpr std::string_view names[] = {"-",    "args",  "document", "tool",
                                               "peer", "model", "request"};
  std::string out;
  for (const PyFlow& f : m.flows) {
    if (!out.empty()) out += "; ";
    out += std::string(names[static_cast<std::size_t>(f.origin)]) + ">" + std::string(f.what);
    for (std::size_t i = 0; i < f.steps.size(); ++i)
      out += (i == 0 ? " " : ",") + std::to_string(lines.at(f.steps[i].offset).line);
  }
  return out;
}

constexpr std::string_view web =
    "import os, re, shlex, yaml, pickle, subprocess as sp\n"
    "from flask import Flask, request\n"
    "app = Flask(__name__)\n";

std::string in_route(std::string_view body) {
  return flows(std::string(web) + "@app.get('/')\ndef f(x, n: int):\n" + std::string(body));
}

}  // namespace

TEST_CASE("where values come from") {
  CHECK(flows("from flask import request\nimport os\nos.system(request.args['x'])") ==
        "request>command 3");
  CHECK(flows("x = input()\neval(x)") == "args>code 1");
  CHECK(flows("import sys\neval(sys.argv[1])") == "args>code 2");
  CHECK(flows("import os\nfrom aiohttp import web\nasync def f(request):\n"
              "  d = await request.json()\n  os.system(d['a'])") == "request>command 4");
  CHECK(in_route("  y = x\n  os.system(y)") == "request>command 5,6");
  CHECK(in_route("  os.system(n)").empty());
  CHECK(flows("import torch\nr = a.M().generate(1)\neval(r)") == "model>code 2");
  CHECK(flows("import os\n@mcp.tool()\ndef f(x):\n  os.system(x)") == "tool>command 3");
  CHECK(
      flows("import os, langchain\nd = store.similarity_search(q)\nos.system(d[0].page_content)") ==
      "document>command 2");
  CHECK(flows("from crewai import Crew\nexec(Crew(a=1).kickoff())") == "model>code 2");
  CHECK(flows("import ts, pickle\nclass H:\n  def handle(self, data, context):\n"
              "    return pickle.loads(data[0]['body'])") == "request>unpickle 3");
  CHECK(flows("import pickle, my_pb2_grpc as g\nclass S(g.S):\n"
              "  def Put(self, request, context):\n    return pickle.loads(request.data)") ==
        "request>unpickle 3");
  CHECK(flows("import zmq\ns = zmq.Context().socket(1)\nx = s.recv_pyobj()") == "peer>unpickle 3");
  CHECK(flows("import socket, pickle\ns = socket.socket()\nc, a = s.accept()\n"
              "d = b''\nwhile n:\n  d += c.recv(9)\npickle.loads(d)") == "peer>unpickle 6");
  CHECK(
      flows("import joblib\ndef input_fn(request_body, t):\n  return joblib.load(request_body)") ==
      "request>unpickle 2");
}

TEST_CASE("values are followed") {
  CHECK(in_route("  os.system(f'ls {x}')") == "request>command 5");
  CHECK(in_route("  os.system('ls ' + x + ' | wc')") == "request>command 5");
  CHECK(in_route("  os.system('ls %s' % x)") == "request>command 5");
  CHECK(in_route("  os.system('ls {}'.format(x))") == "request>command 5");
  CHECK(in_route("  os.system(' '.join(['ls', x]))") == "request>command 5");
  CHECK(in_route("  l = []\n  l.append(x)\n  os.system(' '.join(l))") == "request>command 5");
  CHECK(in_route("  d = {}\n  d['a'] = x\n  os.system(d['a'])") == "request>command 5,7");
  CHECK(in_route("  for p in x.split():\n    os.system(p)") == "request>command 5");
  CHECK(in_route("  os.system([p for p in x][0])") == "request>command 5");
  CHECK(in_route("  with open('a') as h, g(x) as k:\n    os.system(k)") == "request>command 5");
  CHECK(in_route("  if n:\n    y = x\n  else:\n    y = ''\n  os.system(y)") ==
        "request>command 5,7");
  CHECK(in_route("  y = x\n  y = 'ls'\n  os.system(y)").empty());
  CHECK(in_route("  if n:\n    x = 'a'\n  else:\n    x = 'b'\n  os.system(x)").empty());
  CHECK(in_route("  while n:\n    os.system(y)\n    y = x") == "request>command 5,8");
}

TEST_CASE("values are followed through functions of the module") {
  CHECK(in_route("  g(x)\ndef g(a):\n  os.system(a)") == "request>command 5,6,7");
  CHECK(in_route("  os.system(g(x))\ndef g(a):\n  return 'ls ' + a") == "request>command 5,6");
  CHECK(in_route("  os.system(g(x))\ndef g(a):\n  return 'ls'").empty());
  CHECK(in_route("  g(1, b=x)\ndef g(a, b):\n  os.system(a)").empty());
  CHECK(in_route("  g(x)\ndef g(a):\n  h(a)\ndef h(b):\n  i(b)\ndef i(c):\n  os.system(c)") ==
        "request>command 5,6,7,8,9,10,11");
  CHECK(flows("import os, torch\nclass A:\n  def a(self):\n    self.x = m.generate(1)\n"
              "  def b(self):\n    os.system(self.x)") == "model>command 4");
  CHECK(flows("import os, torch\nclass A:\n  def a(self, c):\n    os.system(c)\n"
              "  def b(self):\n    self.a(m.generate(1))") == "model>command 6,3");
  CHECK(in_route("  g(x)\ndef g(a):\n  if a: g(a)\n  os.system(a)") == "request>command 5,6,7");
}

TEST_CASE("values are followed through files and objects") {
  constexpr std::string_view upload = "  p = os.path.join('/m', 'x.pkl')\n";
  CHECK(in_route(std::string(upload) +
                 "  request.files['m'].save(p)\n  pickle.load(open(p, 'rb'))") ==
        "request>unpickle 7");
  CHECK(in_route(std::string(upload) + "  with open(p, 'wb') as out:\n    out.write(x)\n"
                                       "  pickle.load(open(p, 'rb'))") == "request>unpickle 5");
  CHECK(in_route(std::string(upload) + "  with open(p, 'wb') as out:\n    out.write(x)\n"
                                       "  os.system(p)\n  open(p)")
            .empty());
  CHECK(in_route("  u = request.files['m']\n  u.save('/m/' + u.filename)") ==
        "request>file-write 6");
  CHECK(in_route("  u = request.files['m']\n  u.save('/m/' + secure_filename(u.filename))\n"
                 "  figure.save(x)") == "request>file-write 6");
  CHECK(in_route("  import tempfile\n  t = tempfile.NamedTemporaryFile()\n  t.write(x)\n"
                 "  pickle.load(open(t.name, 'rb'))") == "request>unpickle 5");
  CHECK(in_route("  a = A()\n  a.go(x)\nclass A:\n  def go(self, c):\n    os.system(c)") ==
        "request>command 5,7,9");
}

TEST_CASE("what makes values harmless") {
  CHECK(in_route("  os.system('ls ' + shlex.quote(x))").empty());
  CHECK(in_route("  os.system(str(int(x)))").empty());
  CHECK(in_route("  if x not in NAMES:\n    return\n  os.system(x)").empty());
  CHECK(in_route("  if x in NAMES:\n    os.system(x)").empty());
  CHECK(in_route("  if x in NAMES:\n    pass\n  os.system(x)") == "request>command 5");
  CHECK(in_route("  if not re.fullmatch('[a-z]+', x):\n    raise E\n  os.system(x)").empty());
  CHECK(in_route("  os.system(NAMES[x])").empty());
  CHECK(in_route("  os.system(NAMES.get(x))").empty());
  CHECK(in_route("  yaml.safe_load(x)\n  yaml.load(x, Loader=yaml.SafeLoader)").empty());
  CHECK(in_route("  yaml.load(x, Loader=yaml.Loader)") == "request>unpickle 5");
  CHECK(in_route("  os.system(request.args.get('n', type=int))").empty());
  CHECK(in_route("  open('/d/' + os.path.basename(x))\n  open('/d/' + Path(x).suffix)").empty());
  CHECK(in_route("  os.system('/d/' + os.path.basename(x))") == "request>command 5");
  CHECK(in_route("  p = B / x\n  if B not in p.parents:\n    raise E\n  open(p)").empty());
  CHECK(flows(std::string(web) + "class K(str, Enum):\n  a = 'a'\n@app.get('/')\n"
                                 "def f(k: K, j: str):\n  open('/d/' + k.value)\n  open(j)") ==
        "request>file-read 7");
  CHECK(in_route("  sp.run(['ls', '--', x])") == "request>argument 5");
  CHECK(in_route("  sp.run([x, 'a'])") == "request>command 5");
  CHECK(in_route("  sp.run(['bash', '-c', x])") == "request>command 5");
  CHECK(in_route("  sp.run(['ls', x], shell=True)") == "request>command 5");
}

TEST_CASE("HTML has its own escape") {
  std::string_view page =
      "import os, html, markupsafe\nfrom flask import request\nx = request.args['x']\n";
  CHECK(flows(std::string(page) + "markupsafe.Markup(x)") == "request>html 3");
  CHECK(flows(std::string(page) + "markupsafe.Markup(html.escape(x))").empty());
  CHECK(flows(std::string(page) + "os.system(html.escape(x))") == "request>command 3");
  CHECK(flows(std::string(page) + "markupsafe.Markup(html.escape(x) + x)") == "request>html 3");
}

TEST_CASE("hostile sources end") {
  std::string deep = std::string(web) + "@app.get('/')\ndef f(x):\n  os.system(" +
                     std::string(3000, '(') + "x" + std::string(3000, ')') + ")\n";
  CHECK_FALSE(read_python(deep).problem.empty());
  std::string sum = std::string(web) + "@app.get('/')\ndef f(x):\n  os.system(x";
  for (int i = 0; i < 20'000; ++i) sum += "+'a'";
  CHECK(flows(sum + ")") == "request>command 5");
  std::string calls = std::string(web) + "@app.get('/')\ndef f0(x):\n  f1(x)\n";
  for (int i = 1; i < 3000; ++i)
    calls +=
        "def f" + std::to_string(i) + "(x):\n  f" + std::to_string(i + 1) + "(x)\n  os.system(x)\n";
  CHECK_FALSE(flows(calls).empty());
}
