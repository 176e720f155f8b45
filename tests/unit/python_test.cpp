// Names and values of Python sources, as rules rely on them.
#include "syntax/python.h"

#include <doctest/doctest.h>

using namespace parapet;

namespace {

PyCall last_call(std::string_view text) {
  PythonModule m = read_python(text);
  REQUIRE(!m.calls.empty());
  return m.calls.back();
}

}  // namespace

TEST_CASE("names of calls") {
  CHECK(last_call("import torch as t\nt.load(x)").name == "torch.load");
  CHECK(last_call("import a.b.c\na.b.c.f()").name == "a.b.c.f");
  CHECK(last_call("import a.b as c\nc.f()").name == "a.b.f");
  CHECK(last_call("from yaml import load as l\nl(f)").name == "yaml.load");
  CHECK(last_call("from . import m\nm.f()").name == ".m.f");
  CHECK(last_call("from ..p import m\nm.f()").name == "..p.m.f");
  CHECK(last_call("import os\ngetattr(os, 'sys' + 'tem')('id')").name == "os.system");
  CHECK(last_call("c = __import__('os')\nc.system('id')").name == "os.system");
  CHECK(last_call("import importlib\nimportlib.import_module('os').system('id')").name ==
        "os.system");
  CHECK(last_call("from mlflow import MlflowClient\nc = MlflowClient()\nc.search()").name ==
        "mlflow.MlflowClient().search");
  CHECK(last_call("from m import C\ndef f(c: C):\n  c.go()").name == "m.C().go");
  CHECK_FALSE(last_call("def eval(x): return x\neval(1)").rooted);
  CHECK_FALSE(last_call("import os\ndef f(os):\n  os.system('id')").rooted);
  CHECK(last_call("try:\n  import q\nexcept ImportError:\n  q = None\nq.f()").name == "q.f");
}

TEST_CASE("values of arguments") {
  auto first = [](std::string_view text) { return last_call(text).arguments.at(0).value; };
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
  CHECK(last_call("import a\na.f(*x, **y)").unpacks());
}

TEST_CASE("where values come from") {
  CHECK(last_call("from flask import request\nimport a\na.f(request.args['x'])").origin ==
        PyOrigin::request);
  CHECK(last_call("import a\na.f(input())").origin ==
        PyOrigin::program);  // input() itself is the last call
  CHECK(last_call("import a\nx = input()\na.f(x)").origin == PyOrigin::request);
  CHECK(last_call("import a\n@app.post('/')\ndef f(x):\n  y = x\n  a.f(y)").origin ==
        PyOrigin::request);
  CHECK(last_call("import a\n@app.post('/')\ndef f(x: int):\n  a.f(x)").origin ==
        PyOrigin::program);
  CHECK(last_call("import a\nr = a.M().generate(1)\na.f(r)").origin == PyOrigin::model_output);
  CHECK(last_call("import a\n@mcp.tool()\ndef f(x):\n  a.f(x)").origin == PyOrigin::model_output);
}
