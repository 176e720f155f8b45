#include "formats/pickle/policy.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "formats/pickle/names.h"

namespace parapet::pickle {
namespace {

struct Renamed {
  std::string_view from, to;
};
// Python 2's modules by the names that Python 3 gives them when it loads protocols 0 to 2
// (Lib/_compat_pickle.py).
constexpr Renamed modules_renamed[] = {
    {"__builtin__", "builtins"},
    {"copy_reg", "copyreg"},
    {"Queue", "queue"},
    {"SocketServer", "socketserver"},
    {"ConfigParser", "configparser"},
    {"repr", "reprlib"},
    {"tkFileDialog", "tkinter.filedialog"},
    {"Tkinter", "tkinter"},
    {"markupbase", "_markupbase"},
    {"_winreg", "winreg"},
    {"thread", "_thread"},
    {"dummy_thread", "_dummy_thread"},
    {"dbhash", "dbm.bsd"},
    {"dumbdbm", "dbm.dumb"},
    {"gdbm", "dbm.gnu"},
    {"xmlrpclib", "xmlrpc.client"},
    {"SimpleXMLRPCServer", "xmlrpc.server"},
    {"httplib", "http.client"},
    {"htmlentitydefs", "html.entities"},
    {"HTMLParser", "html.parser"},
    {"Cookie", "http.cookies"},
    {"cookielib", "http.cookiejar"},
    {"BaseHTTPServer", "http.server"},
    {"test.test_support", "test.support"},
    {"commands", "subprocess"},
    {"urlparse", "urllib.parse"},
    {"robotparser", "urllib.robotparser"},
    {"urllib2", "urllib.request"},
    {"anydbm", "dbm"},
    {"_abcoll", "collections.abc"},
    {"cPickle", "pickle"},
    {"_elementtree", "xml.etree.ElementTree"},
    {"DocXMLRPCServer", "xmlrpc.server"},
    {"SimpleHTTPServer", "http.server"},
    {"CGIHTTPServer", "http.server"},
    {"UserDict", "collections"},
    {"UserList", "collections"},
    {"UserString", "collections"},
    {"whichdb", "dbm"},
    {"StringIO", "io"},
    {"cStringIO", "io"},
    {"exceptions", "builtins"},
    {"dill.dill", "dill._dill"},
    {"cloudpickle", "cloudpickle.cloudpickle"},
    {"cloudpickle.cloudpickle_fast", "cloudpickle.cloudpickle"},
    {"joblib.externals.cloudpickle.cloudpickle", "cloudpickle.cloudpickle"},
    {"joblib.externals.cloudpickle", "cloudpickle.cloudpickle"},
    {"pyspark.cloudpickle.cloudpickle", "cloudpickle.cloudpickle"},
    {"ray.cloudpickle.cloudpickle", "cloudpickle.cloudpickle"},
    {"_operator", "operator"},
    {"_functools", "functools"}};
constexpr struct {
  std::string_view module, name, to_module, to_name;
} names_renamed[] = {{"builtins", "xrange", "builtins", "range"},
                     {"builtins", "reduce", "functools", "reduce"},
                     {"builtins", "intern", "sys", "intern"},
                     {"builtins", "unichr", "builtins", "chr"},
                     {"builtins", "unicode", "builtins", "str"},
                     {"builtins", "long", "builtins", "int"},
                     {"builtins", "basestring", "builtins", "str"},
                     {"builtins", "StandardError", "builtins", "Exception"},
                     {"itertools", "imap", "builtins", "map"},
                     {"itertools", "ifilter", "builtins", "filter"},
                     {"itertools", "izip", "builtins", "zip"},
                     {"itertools", "izip_longest", "itertools", "zip_longest"},
                     {"itertools", "ifilterfalse", "itertools", "filterfalse"}};

constexpr std::string_view standard_modules =
    " __future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs "
    "_collections _collections_abc "
    "_compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _datetime _dbm _decimal "
    "_elementtree _functools _gdbm "
    "_hashlib _heapq _imp _io _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec "
    "_multiprocessing _opcode _operator "
    "_osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _pydatetime _pydecimal "
    "_pyio _pyrepl _queue _random _sha1 "
    "_signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct "
    "_symtable _thread "
    "_threading_local _tkinter _tokenize _tracemalloc _typing _uuid _warnings _weakref _weakrefset "
    "_winapi _zoneinfo _interpreters "
    "_frozen_importlib _frozen_importlib_external abc aifc annotationlib antigravity argparse "
    "array ast asynchat asyncio asyncore "
    "atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk "
    "cmath cmd code codecs codeop collections "
    "colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg "
    "crypt csv ctypes curses dataclasses "
    "datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno "
    "faulthandler fcntl filecmp fileinput "
    "fnmatch formatter fractions ftplib functools gc genericpath getopt getpass gettext glob "
    "graphlib grp gzip hashlib heapq hmac html "
    "http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 "
    "linecache locale logging lzma macpath "
    "mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc "
    "nis nntplib nt ntpath nturl2path "
    "numbers opcode operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes "
    "pkgutil platform plistlib poplib "
    "posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat "
    "queue quopri random re readline reprlib "
    "resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site "
    "smtpd smtplib sndhdr socket "
    "socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string "
    "stringprep struct subprocess sunau "
    "symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test "
    "textwrap this threading time timeit tkinter "
    "token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing "
    "unicodedata unittest urllib uu uuid venv "
    "warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile "
    "zipimport zlib zoneinfo ";

// Modules that somebody's attribute path may lead into, by their bare name.
constexpr std::string_view core_modules =
    " os sys subprocess builtins importlib posix nt socket shutil pickle marshal ctypes commands "
    "pty runpy pip ";

bool in_list(std::string_view list, std::string_view word) {
  return !word.empty() && word.find(' ') == std::string_view::npos &&
         contains(list, " " + std::string(word) + " ");
}

template <class F>
void each_word(std::string_view words, F f) {
  for (auto w : split(words, ' '))
    if (!w.empty()) f(w);
}

std::string key_of(std::string_view module, std::string_view name) {
  return std::string(module) + '\0' + std::string(name);
}

struct Tables {
  std::unordered_map<std::string, Does> dangerous;         // module and name
  std::unordered_map<std::string_view, Does> whole;        // module
  std::unordered_map<std::string, std::string_view> safe;  // module and name -> what
  std::unordered_map<std::string, Gadget> gadget;

  Tables() {
    for (auto rows : {dangerous_names(), dangerous_library_names()})
      for (const auto& row : rows)
        each_word(row.names, [&](std::string_view n) {
          if (n == "*")
            whole.emplace(row.module, row.does);
          else
            dangerous.emplace(key_of(row.module, n), row.does);
        });
    for (const auto& row : safe_names())
      each_word(row.names,
                [&](std::string_view n) { safe.emplace(key_of(row.module, n), row.what); });
    for (const auto& row : gadgets())
      each_word(row.names,
                [&](std::string_view n) { gadget.emplace(key_of(row.module, n), row.gadget); });
  }
  // The module itself or the nearest one above it that is dangerous as a whole.
  const Does* whole_module(std::string_view module) const {
    for (;;) {
      if (auto it = whole.find(module); it != whole.end()) return &it->second;
      auto dot = module.rfind('.');
      if (dot == std::string_view::npos) return nullptr;
      module = module.substr(0, dot);
    }
  }
  // The name, or a class or function that it is an attribute of.
  const Does* named(std::string_view module, std::string_view name) const {
    for (;;) {
      if (auto it = dangerous.find(key_of(module, name)); it != dangerous.end()) return &it->second;
      auto dot = name.rfind('.');
      if (dot == std::string_view::npos) return nullptr;
      name = name.substr(0, dot);
    }
  }
};

const Tables& tables() {
  static const Tables t;
  return t;
}

std::string_view root_of(std::string_view module) { return module.substr(0, module.find('.')); }
std::string_view last_of(std::string_view name) {
  auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}
bool is_class_name(std::string_view name) {
  auto last = last_of(name);
  while (last.starts_with('_')) last.remove_prefix(1);
  return !last.empty() && last[0] >= 'A' && last[0] <= 'Z';
}
bool is_dunder(std::string_view part) {
  return part.size() > 4 && part.starts_with("__") && part.ends_with("__");
}

Judgement dangerous(std::string why) { return {Verdict::dangerous, std::move(why)}; }

// `random` `_os.system`: one part of the path is a module of its own, reached through this one.
bool leads_elsewhere(std::string_view module, std::string_view name, Judgement& out) {
  auto parts = split(name, '.');
  if (parts.size() > 8) {
    out = dangerous("an attribute path of " + std::to_string(parts.size()) +
                    " steps, which no pickle writer writes");
    return true;
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < parts.size(); at += parts[i].size() + 1, ++i) {
    auto part = parts[i];
    while (part.starts_with('_') && !is_dunder(part)) part.remove_prefix(1);
    if (is_dunder(parts[i]) || parts[i] == "__builtins__") {
      out = dangerous("reaches " + std::string(parts[i]) + ", the inside of the interpreter");
      return true;
    }
    std::string_view rest =
        i + 1 < parts.size() ? name.substr(at + parts[i].size() + 1) : std::string_view();
    bool alone = parts.size() == 1;
    bool is_module =
        alone ? in_list(core_modules, part)
              : in_list(standard_modules, part) && tables().whole_module(part) != nullptr;
    if (part == "builtins") is_module = true;
    if (!is_module || part == root_of(module)) continue;
    if (rest.empty()) {
      out = dangerous("hands out the module " + std::string(part));
      return true;
    }
    Judgement inner = judge(part, rest);
    if (inner.verdict == Verdict::dangerous) {
      out = dangerous("reaches " + std::string(part) + "." + std::string(rest) + ", which " +
                      inner.why);
      return true;
    }
  }
  // A submodule by attributes: `torch` `hub.load`.
  std::string deeper(module);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    deeper += "." + std::string(parts[i]);
    std::string_view rest =
        name.substr(static_cast<std::size_t>(parts[i + 1].data() - name.data()));
    const Does* d = tables().named(deeper, rest);
    if (d == nullptr && tables().whole.contains(deeper)) d = &tables().whole.at(deeper);
    if (d != nullptr) {
      out = dangerous(std::string(to_text(*d)));
      return true;
    }
  }
  // A lower-case start is a module or a function, and no writer names attributes of those.
  if (parts.size() > 1 && !parts[0].empty() && !is_class_name(parts[0]) && parts[0][0] == '_' &&
      is_standard_library(module)) {
    out = dangerous("leads out of its module through " + std::string(parts[0]));
    return true;
  }
  return false;
}

}  // namespace

std::string_view to_text(Verdict v) {
  return v == Verdict::safe ? "safe" : v == Verdict::dangerous ? "dangerous" : "unknown";
}

std::string_view to_text(How how) {
  switch (how) {
    case How::import:
      return "import";
    case How::reduce:
      return "reduce";
    case How::newobj:
      return "newobj";
    case How::newobj_ex:
      return "newobj_ex";
    case How::obj:
      return "obj";
    case How::inst:
      return "inst";
    case How::reconstructor:
      return "reconstructor";
    case How::build:
      return "build";
    case How::setitem:
      return "setitem";
  }
  return {};
}

Name python3_name(std::string_view module, std::string_view name) {
  for (const auto& r : modules_renamed)
    if (module == r.from) {
      module = r.to;
      break;
    }
  for (const auto& r : names_renamed)
    if (module == r.module && name == r.name) return {r.to_module, r.to_name};
  return {module, name};
}

bool is_standard_library(std::string_view module) {
  return in_list(standard_modules, root_of(module));
}
bool is_dangerous_module(std::string_view module) {
  return tables().whole_module(module) != nullptr;
}

bool reaches_out(std::string_view name) {
  static constexpr std::string_view words =
      " exec eval compile __import__ import_module system popen Popen spawn fork execv execve "
      "execvp subprocess check_output check_call "
      "getoutput socket urlopen urlretrieve urllib requests ctypes pickle marshal loads builtins "
      "__builtins__ __globals__ __subclasses__ "
      "rmtree unlink posix pty runpy b64decode create_connection connect reverse_shell startfile "
      "os.system ";
  if (name.size() < 40)
    return in_list(words, name) || name.starts_with("os.") || name.starts_with("subprocess.");
  return contains(name, "__import__(") ||
         contains(name, "os.system(");  // longer texts may be documentation
}

bool named_dangerously(std::string_view function, bool known_library) {
  static constexpr std::string_view always =
      " eval exec execfile system popen popen2 popen3 popen4 Popen spawn spawnv spawnl spawnve "
      "fork forkpty execv execve execvp execl "
      "check_output check_call getoutput getstatusoutput run_command run_cmd run_shell "
      "run_shell_command run_subprocess shell_exec "
      "exec_command exec_module execute_command import_module import_string import_from_string "
      "import_file load_module load_source "
      "load_dynamic resolve_name __import__ unpickle read_pickle load_pickle pickle_load urlopen "
      "urlretrieve download_file rmtree "
      "runcode runsource runstring run_code run_path run_module runctx exec_ exec_code myeval "
      "safe_eval literal_exec os_system "
      "call_subprocess subprocess_call load_library ";
  auto f = last_of(function);
  if (in_list(always, f)) return true;
  while (f.starts_with('_')) f.remove_prefix(1);
  if (in_list(always, f)) return true;
  if (!known_library || is_class_name(f)) return false;
  for (std::string_view p :
       {"load",   "run",       "exec",     "eval",    "compile", "read_", "save",
        "write",  "download",  "open",     "import_", "spawn",   "fetch", "get_file",
        "parse",  "from_file", "fromfile", "tofile",  "memmap",  "call",  "main",
        "launch", "delete",    "remove",   "unlink",  "import"})
    if (f.starts_with(p)) return true;
  return contains(f, "from_pretrained") || contains(f, "from_url") || contains(f, "unpickle");
}

Judgement judge(std::string_view module, std::string_view name) {
  auto [m, n] = python3_name(module, name);
  const Tables& t = tables();
  if (m == "?" || n == "?") {
    if (n.starts_with("extension "))
      return {Verdict::unknown,
              "a number that the loading process's own registry turns into a name"};
    return {Verdict::unknown, "a name that is worked out while loading"};
  }
  Judgement j;
  j.standard_library = is_standard_library(m);
  if (auto it = t.gadget.find(key_of(m, n)); it != t.gadget.end()) j.gadget = it->second;
  auto with = [&](Verdict v, std::string why) {
    j.verdict = v;
    j.why = std::move(why);
    return j;
  };
  if (n.empty()) {
    if (is_dangerous_module(m) || m == "builtins")
      return with(Verdict::dangerous, "hands out the module " + std::string(m));
    return with(Verdict::unknown, "hands out a module");
  }
  if (const Does* d = t.named(m, n)) return with(Verdict::dangerous, std::string(to_text(*d)));
  if (auto it = t.safe.find(key_of(m, n)); it != t.safe.end())
    return with(Verdict::safe, std::string(it->second));
  if (m.starts_with("__torch__.") || m == "__torch__")
    return with(Verdict::safe, "class of TorchScript, whose code lies in the same archive");
  if (j.gadget == Gadget::code || j.gadget == Gadget::function)
    return with(Verdict::unknown, "rebuilds code that travels in the file");
  if (j.gadget == Gadget::dynamic_class)
    return with(Verdict::unknown, "rebuilds a class that travels in the file");
  if (j.gadget == Gadget::import_module && (m == "cloudpickle.cloudpickle" || m == "dill._dill"))
    return with(Verdict::unknown, "imports the module that a travelling function uses");
  if (j.gadget == Gadget::named_type) return with(Verdict::unknown, "names a built-in type");
  if (j.gadget == Gadget::ufunc)
    return with(Verdict::unknown, "fetches a mathematical function by its name");
  if (j.gadget == Gadget::partial) return with(Verdict::unknown, "binds arguments to a function");
  if (j.gadget == Gadget::type_of) return with(Verdict::unknown, "the type of types");
  if (j.gadget == Gadget::getattr)
    return with(Verdict::dangerous, "fetches any attribute of anything");
  Judgement elsewhere;
  if (leads_elsewhere(m, n, elsewhere)) {
    elsewhere.gadget = j.gadget;
    return elsewhere;
  }
  if (const Does* d = t.whole_module(m)) {
    j.construct_only =
        !j.standard_library && is_class_name(n) && n.find('.') == std::string_view::npos;
    return with(Verdict::dangerous, std::string(to_text(*d)));
  }
  if (m == "__main__") return with(Verdict::unknown, "defined by the script that wrote the file");
  if (n.find('.') == std::string_view::npos && is_class_name(n))
    for (const auto& lib : construct_only_libraries())
      if (m == lib.module || (m.starts_with(lib.module) && m[lib.module.size()] == '.')) {
        j.construct_only = true;
        return with(Verdict::safe, std::string(lib.what) + ", only constructed");
      }
  if (n.starts_with("__pyx_unpickle_") && n.find('.') == std::string_view::npos) {
    static constexpr std::string_view cython =
        " sklearn scipy pandas numpy statsmodels gensim lightgbm xgboost catboost spacy thinc ";
    if (in_list(cython, root_of(m)))
      return with(Verdict::safe,
                  "Cython's own way to rebuild a class of " + std::string(root_of(m)));
    return with(Verdict::unknown,
                "Cython's own way to rebuild a class of a package that is not known here");
  }
  if (m == "dill._dill" || m == "cloudpickle.cloudpickle")
    return with(Verdict::unknown, "rebuilds what belongs to a travelling function");
  static constexpr std::string_view known_libraries =
      " numpy scipy pandas sklearn torch torchvision torchaudio tensorflow keras jax transformers "
      "joblib xgboost lightgbm catboost "
      "statsmodels nltk spacy gensim PIL matplotlib h5py onnx timm ";
  bool known = in_list(known_libraries, root_of(m));
  if (named_dangerously(n, known))
    return with(Verdict::dangerous,
                "is named like a function that runs, loads or fetches something");
  if (j.standard_library)
    return with(Verdict::unknown, "part of the standard library that pickles do not usually name");
  if (known)
    return with(Verdict::unknown,
                "not a name that " + std::string(root_of(m)) + " writes into its own files");
  return with(Verdict::unknown, "code of a package that is not known here");
}

Judgement judge_use(const Judgement& alone, std::string_view module, std::string_view name, How how,
                    bool one_constant) {
  Judgement j = alone;
  bool constructs = how == How::newobj || how == How::newobj_ex || how == How::reconstructor ||
                    how == How::import;
  if (j.construct_only && j.verdict == Verdict::safe && !constructs) {
    j.verdict = Verdict::unknown;
    j.why =
        j.why.substr(0, j.why.find(',')) + ", whose constructor runs with arguments of the file";
  } else if (j.construct_only && j.verdict == Verdict::dangerous && (constructs || one_constant)) {
    j.verdict = Verdict::unknown;
    j.why = "class of a library that " + j.why + ", only constructed";
  } else if (j.verdict == Verdict::unknown && j.standard_library &&
             (j.gadget == Gadget::none || j.gadget == Gadget::type_of) && !constructs &&
             !(is_class_name(name) && (one_constant || module == "typing"))) {
    j.verdict = Verdict::dangerous;
    j.why = "part of the standard library that no pickle writer calls";
  }
  return j;
}

}  // namespace parapet::pickle
