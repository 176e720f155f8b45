#pragma once
// Where values come from that somebody outside chooses, where they must not arrive unchecked, and
// what makes them harmless. Names are resolved ones, as PyCall::name holds them; a name that starts
// with a dot is a method of whatever object. Sources: the documentation of the products named.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "syntax/python.h"

namespace parapet::python {

template <std::size_t n>
bool among(const std::string_view (&names)[n], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

struct FlowSource {
  std::string_view name;
  PyOrigin origin;
};

// Attributes of imported objects, with all below them.
inline constexpr FlowSource source_roots[] = {
    {"flask.request", PyOrigin::request},          {"quart.request", PyOrigin::request},
    {"bottle.request", PyOrigin::request},         {"sanic.request", PyOrigin::request},
    {"streamlit.query_params", PyOrigin::request}, {"sys.argv", PyOrigin::command_line},
};

inline constexpr FlowSource source_calls[] = {
    {"builtins.input", PyOrigin::command_line},
    {"streamlit.text_input", PyOrigin::request},
    {"streamlit.text_area", PyOrigin::request},
    {"streamlit.file_uploader", PyOrigin::request},
    {"streamlit.chat_input", PyOrigin::request},
    {"streamlit.experimental_get_query_params", PyOrigin::request},
    {"streamlit.sidebar.text_input", PyOrigin::request},
    {"streamlit.sidebar.text_area", PyOrigin::request},
    {"streamlit.sidebar.file_uploader", PyOrigin::request},
    {"transformers.pipeline()()", PyOrigin::model_output},
    {"ollama.chat", PyOrigin::model_output},
    {"ollama.generate", PyOrigin::model_output},
    {"litellm.completion", PyOrigin::model_output},
    {"litellm.acompletion", PyOrigin::model_output},
    {"openai.ChatCompletion.create", PyOrigin::model_output},
    {"llama_cpp.Llama()()", PyOrigin::model_output},
};

// Methods, whatever client they are of; only in modules that import a library of language models.
inline constexpr FlowSource source_methods[] = {
    {".generate", PyOrigin::model_output},
    {".generate_content", PyOrigin::model_output},
    {".generate_text", PyOrigin::model_output},
    {".invoke", PyOrigin::model_output},
    {".ainvoke", PyOrigin::model_output},
    {".completions.create", PyOrigin::model_output},
    {".messages.create", PyOrigin::model_output},
    {".responses.create", PyOrigin::model_output},
    {".chat.complete", PyOrigin::model_output},
    {".ChatCompletion.create", PyOrigin::model_output},
    {".Completion.create", PyOrigin::model_output},
    {".chat_completion", PyOrigin::model_output},
    {".text_generation", PyOrigin::model_output},
    {".converse", PyOrigin::model_output},
    {".invoke_model", PyOrigin::model_output},
    {".create_chat_completion", PyOrigin::model_output},
    {".kickoff", PyOrigin::model_output},
    {".similarity_search", PyOrigin::document},
    {".similarity_search_with_score", PyOrigin::document},
    {".max_marginal_relevance_search", PyOrigin::document},
    {".get_relevant_documents", PyOrigin::document},
    {".aget_relevant_documents", PyOrigin::document},
};

// Methods that run an agent or a chain, of objects of these libraries.
inline constexpr std::string_view agent_roots[] = {"langchain",
                                                   "langchain_classic",
                                                   "langchain_experimental",
                                                   "langchain_community",
                                                   "langgraph",
                                                   "llama_index",
                                                   "autogen",
                                                   "crewai",
                                                   "smolagents",
                                                   "agents",
                                                   "pydantic_ai",
                                                   "agno",
                                                   "phi",
                                                   "interpreter",
                                                   "dspy",
                                                   "haystack",
                                                   "semantic_kernel"};
inline constexpr std::string_view agent_methods[] = {
    ".run",   ".arun",    ".run_sync", ".kickoff",     ".chat",
    ".query", ".predict", ".complete", ".stream_chat", ".initiate_chat"};

inline constexpr std::string_view model_libraries[] = {"openai",
                                                       "anthropic",
                                                       "transformers",
                                                       "vllm",
                                                       "litellm",
                                                       "ollama",
                                                       "cohere",
                                                       "mistralai",
                                                       "groq",
                                                       "together",
                                                       "boto3",
                                                       "huggingface_hub",
                                                       "llama_cpp",
                                                       "torch",
                                                       "google",
                                                       "vertexai",
                                                       "langchain",
                                                       "langchain_core",
                                                       "langchain_community",
                                                       "langchain_openai",
                                                       "langchain_anthropic",
                                                       "langchain_experimental",
                                                       "langchain_chroma",
                                                       "langchain_ollama",
                                                       "langgraph",
                                                       "llama_index",
                                                       "autogen",
                                                       "crewai",
                                                       "smolagents",
                                                       "agents",
                                                       "ctransformers",
                                                       "sglang",
                                                       "dspy",
                                                       "haystack",
                                                       "semantic_kernel",
                                                       "guidance",
                                                       "pydantic_ai",
                                                       "agno",
                                                       "ibm_watsonx_ai",
                                                       "replicate",
                                                       "langchain_huggingface",
                                                       "gpt4all",
                                                       "mlx_lm"};

inline constexpr std::string_view web_libraries[] = {
    "flask",         "quart",       "bottle",
    "sanic",         "fastapi",     "starlette",
    "django",        "aiohttp",     "tornado",
    "falcon",        "litestar",    "werkzeug",
    "pyramid",       "connexion",   "rest_framework",
    "ray",           "bentoml",     "litserve",
    "kserve",        "robyn",       "websockets",
    "flask_restful", "flask_restx", "webob",
    "cherrypy",      "azureml",     "functions_framework"};

// Parts of a request object that is passed by parameter ("request", "req", "self.request").
inline constexpr std::string_view request_parts[] = {"json",
                                                     "form",
                                                     "args",
                                                     "files",
                                                     "data",
                                                     "body",
                                                     "POST",
                                                     "GET",
                                                     "FILES",
                                                     "query_params",
                                                     "get_json",
                                                     "stream",
                                                     "values",
                                                     "get_data",
                                                     "cookies",
                                                     "headers",
                                                     "query",
                                                     "params",
                                                     "text",
                                                     "read",
                                                     "input",
                                                     "rel_url",
                                                     "match_info",
                                                     "post",
                                                     "multipart",
                                                     "path_params",
                                                     "get_media",
                                                     "media",
                                                     "arguments",
                                                     "body_arguments",
                                                     "query_arguments",
                                                     "META"};

// Those of them that no other object has: they count in modules that import no web library too.
inline constexpr std::string_view telling_parts[] = {"get_json", "query_params", "POST", "FILES"};

// Methods of a request handler's own object that give what a client sent (tornado).
inline constexpr std::string_view handler_methods[] = {
    "get_argument", "get_arguments", "get_body_argument", "get_query_argument", "get_cookie"};
// Methods of a connection that give what the other side sent.
inline constexpr std::string_view receive_methods[] = {".receive_text", ".receive_json",
                                                       ".receive_bytes"};

// What another process sent over a socket; only in modules that import one of these.
inline constexpr std::string_view socket_libraries[] = {"socket", "zmq", "socketserver"};
inline constexpr std::string_view socket_methods[] = {
    ".recv", ".recvfrom", ".recv_multipart", ".recv_bytes", ".recv_string", ".rfile.read"};
// pyzmq's own unpickling of what arrives.
inline constexpr std::string_view unpickling_receive = ".recv_pyobj";

// What comes out of these says nothing of what went in.
inline constexpr std::string_view cleaning_calls[] = {"builtins.int",
                                                      "builtins.float",
                                                      "builtins.bool",
                                                      "builtins.len",
                                                      "builtins.isinstance",
                                                      "builtins.hash",
                                                      "builtins.ord",
                                                      "builtins.complex",
                                                      "uuid.UUID",
                                                      "uuid.uuid4",
                                                      "werkzeug.utils.secure_filename",
                                                      "werkzeug.secure_filename",
                                                      "werkzeug.utils.safe_join",
                                                      "werkzeug.security.safe_join",
                                                      "flask.safe_join",
                                                      "django.utils.text.get_valid_filename",
                                                      "django.utils._os.safe_join",
                                                      "os.path.exists",
                                                      "os.path.isfile",
                                                      "os.path.isdir",
                                                      "os.path.getsize",
                                                      "shlex.quote",
                                                      "pipes.quote",
                                                      "ast.literal_eval",
                                                      "decimal.Decimal",
                                                      "flask.jsonify",
                                                      "numpy.array",
                                                      "numpy.asarray",
                                                      "numpy.frombuffer",
                                                      "torch.tensor",
                                                      "pandas.DataFrame",
                                                      "PIL.Image.open",
                                                      "datetime.datetime.strptime",
                                                      "psycopg2.sql.Identifier",
                                                      "psycopg.sql.Identifier",
                                                      "tempfile.mkdtemp",
                                                      "tempfile.NamedTemporaryFile",
                                                      "cv2.imdecode",
                                                      "soundfile.read",
                                                      "torch.from_numpy"};
inline constexpr std::string_view cleaning_roots[] = {"hashlib.", "hmac.", "zlib.crc32",
                                                      "logging.", "time.", "random."};
// Methods that look something up or check, so that the answer is the program's own.
inline constexpr std::string_view cleaning_methods[] = {
    "hexdigest",  "digest",     "isdigit",
    "isalnum",    "startswith", "endswith",
    "count",      "index",      "filter",
    "filter_by",  "where",      "values",
    "in_",        "fetchone",   "fetchall",
    "fetchmany",  "scalar",     "scalars",
    "first",      "one",        "one_or_none",
    "execute",    "is_file",    "is_dir",
    "exists",     "info",       "debug",
    "warning",    "error",      "exception",
    "find",       "get_or_404", "get_object_or_404",
    "options",    "order_by",   "limit",
    "submit",     "send_task",  "delay",
    "apply_async"};
// What is escaped for HTML is harmless in HTML, and nowhere else.
inline constexpr std::string_view html_escaping[] = {
    "html.escape", "markupsafe.escape",       "flask.escape", "cgi.escape", "bleach.clean",
    "nh3.clean",   "django.utils.html.escape"};
// The last part of a path, or a part of that.
inline constexpr std::string_view last_parts[] = {"name", "stem", "suffix", "suffixes"};
inline constexpr std::string_view last_part_calls[] = {"os.path.basename", "os.path.splitext",
                                                       "ntpath.basename", "posixpath.basename"};
// Methods that put an argument into the object.
inline constexpr std::string_view filling_methods[] = {
    "append", "add", "extend", "insert", "update", "appendleft", "write", "writelines", "put"};

// What a value does when it arrives. `index`: the argument by position, or -1 for the object of a
// method. `what` is the fact's word: docs/facts.md, kind flow.
struct FlowSink {
  std::string_view name;
  std::string_view what;
  int index;
  std::string_view keyword;
};
inline constexpr FlowSink flow_sinks[] = {
    {"builtins.eval", "code", 0, ""},
    {"builtins.exec", "code", 0, ""},
    {"builtins.compile", "code", 0, "source"},
    {"pandas.eval", "code", 0, "expr"},
    {"numexpr.evaluate", "code", 0, "ex"},
    {"sympy.sympify", "code", 0, "a"},
    {"sympy.parsing.sympy_parser.parse_expr", "code", 0, "s"},
    {"langchain_experimental.utilities.PythonREPL().run", "code", 0, "command"},
    {"langchain_experimental.tools.PythonREPLTool().run", "code", 0, "query"},
    {"langchain_experimental.utilities.python.PythonREPL().run", "code", 0, "command"},
    {"IPython.get_ipython().run_cell", "code", 0, ""},
    {"os.system", "command", 0, "command"},
    {"os.popen", "command", 0, "cmd"},
    {"subprocess.run", "process", 0, "args"},
    {"subprocess.call", "process", 0, "args"},
    {"subprocess.Popen", "process", 0, "args"},
    {"subprocess.check_output", "process", 0, "args"},
    {"subprocess.check_call", "process", 0, "args"},
    {"subprocess.getoutput", "command", 0, "cmd"},
    {"subprocess.getstatusoutput", "command", 0, "cmd"},
    {"commands.getoutput", "command", 0, ""},
    {"asyncio.create_subprocess_shell", "command", 0, "cmd"},
    {"asyncio.create_subprocess_exec", "command", 0, "program"},
    {"asyncio.subprocess.create_subprocess_shell", "command", 0, "cmd"},
    {"os.execv", "command", 0, "path"},
    {"os.execvp", "command", 0, "file"},
    {"os.execl", "command", 0, ""},
    {"os.spawnlp", "command", 1, ""},
    {"pty.spawn", "command", 0, "argv"},
    {"paramiko.SSHClient().exec_command", "command", 0, "command"},
    {"pickle.load", "unpickle", 0, "file"},
    {"pickle.loads", "unpickle", 0, "data"},
    {"pickle.Unpickler", "unpickle", 0, "file"},
    {"cPickle.load", "unpickle", 0, ""},
    {"cPickle.loads", "unpickle", 0, ""},
    {"_pickle.load", "unpickle", 0, ""},
    {"_pickle.loads", "unpickle", 0, ""},
    {"cloudpickle.load", "unpickle", 0, ""},
    {"cloudpickle.loads", "unpickle", 0, ""},
    {"dill.load", "unpickle", 0, ""},
    {"dill.loads", "unpickle", 0, ""},
    {"joblib.load", "unpickle", 0, "filename"},
    {"sklearn.externals.joblib.load", "unpickle", 0, "filename"},
    {"torch.load", "unpickle", 0, "f"},
    {"torch.jit.load", "unpickle", 0, "f"},
    {"torch.package.PackageImporter", "unpickle", 0, "file_or_buffer"},
    {"numpy.load", "unpickle", 0, "file"},
    {"pandas.read_pickle", "unpickle", 0, "filepath_or_buffer"},
    {"marshal.loads", "unpickle", 0, ""},
    {"marshal.load", "unpickle", 0, ""},
    {"jsonpickle.decode", "unpickle", 0, "string"},
    {"jsonpickle.loads", "unpickle", 0, "string"},
    {"shelve.open", "unpickle", 0, "filename"},
    {"tensorflow.keras.models.load_model", "unpickle", 0, "filepath"},
    {"keras.models.load_model", "unpickle", 0, "filepath"},
    {"keras.saving.load_model", "unpickle", 0, "filepath"},
    {"ultralytics.YOLO", "unpickle", 0, "model"},
    {"skops.io.load", "unpickle", 0, "file"},
    {"yaml.load", "unpickle", 0, "stream"},
    {"yaml.load_all", "unpickle", 0, "stream"},
    {"yaml.unsafe_load", "unpickle", 0, "stream"},
    {"yaml.unsafe_load_all", "unpickle", 0, "stream"},
    {"jinja2.Template", "template", 0, "source"},
    {"jinja2.Environment().from_string", "template", 0, "source"},
    {"flask.render_template_string", "template", 0, "source"},
    {"mako.template.Template", "template", 0, "text"},
    {"django.template.Template", "template", 0, "template_string"},
    {"importlib.import_module", "import", 0, "name"},
    {"builtins.__import__", "import", 0, "name"},
    {".execute", "sql", 0, "query"},
    {".executescript", "sql", 0, ""},
    {".executemany", "sql", 0, ""},
    {"pandas.read_sql", "sql", 0, "sql"},
    {"pandas.read_sql_query", "sql", 0, "sql"},
    {"duckdb.sql", "sql", 0, "query"},
    {"duckdb.query", "sql", 0, "query"},
    {"builtins.open", "file", 0, "file"},
    {"io.open", "file", 0, "file"},
    {"aiofiles.open", "file", 0, "file"},
    {"codecs.open", "file", 0, "filename"},
    {"os.remove", "file-write", 0, "path"},
    {"os.unlink", "file-write", 0, "path"},
    {"os.makedirs", "file-write", 0, "name"},
    {"shutil.rmtree", "file-write", 0, "path"},
    {".save", "upload", 0, "dst"},
    {"shutil.copyfile", "file-write", 1, "dst"},
    {"shutil.copy", "file-write", 1, "dst"},
    {"shutil.move", "file-write", 1, "dst"},
    {".write_text", "file-write", -1, ""},
    {".write_bytes", "file-write", -1, ""},
    {".read_text", "file-read", -1, ""},
    {".read_bytes", "file-read", -1, ""},
    {"flask.send_file", "file-read", 0, "path_or_file"},
    {"fastapi.responses.FileResponse", "file-read", 0, "path"},
    {"starlette.responses.FileResponse", "file-read", 0, "path"},
    {"shutil.unpack_archive", "archive", 0, "filename"},
    {"tarfile.open().extractall", "archive", -1, ""},
    {"requests.get", "address", 0, "url"},
    {"requests.post", "address", 0, "url"},
    {"requests.head", "address", 0, "url"},
    {"requests.put", "address", 0, "url"},
    {"requests.request", "address", 1, "url"},
    {"requests.Session().get", "address", 0, "url"},
    {"requests.Session().post", "address", 0, "url"},
    {"httpx.get", "address", 0, "url"},
    {"httpx.post", "address", 0, "url"},
    {"httpx.AsyncClient().get", "address", 0, "url"},
    {"httpx.AsyncClient().post", "address", 0, "url"},
    {"httpx.Client().get", "address", 0, "url"},
    {"aiohttp.ClientSession().get", "address", 0, "url"},
    {"aiohttp.ClientSession().post", "address", 0, "url"},
    {"urllib.request.urlopen", "address", 0, "url"},
    {"urllib.request.urlretrieve", "address", 0, "url"},
    {"urllib2.urlopen", "address", 0, "url"},
    {"transformers.AutoModel.from_pretrained", "model", 0, "pretrained_model_name_or_path"},
    {"transformers.AutoModelForCausalLM.from_pretrained", "model", 0,
     "pretrained_model_name_or_path"},
    {"transformers.AutoTokenizer.from_pretrained", "model", 0, "pretrained_model_name_or_path"},
    {"transformers.pipeline", "model", 1, "model"},
    {"sentence_transformers.SentenceTransformer", "model", 0, "model_name_or_path"},
    {"diffusers.DiffusionPipeline.from_pretrained", "model", 0, "pretrained_model_name_or_path"},
    {"mlflow.pyfunc.load_model", "model", 0, "model_uri"},
    {"torch.hub.load", "model", 0, "repo_or_dir"},
    {"spacy.load", "model", 0, "name"},
    {"datasets.load_dataset", "model", 0, "path"},
    {".partial_fit", "training", 0, "X"},
    {"streamlit.markdown", "html", 0, "body"},
    {"streamlit.write", "html", 0, ""},
    {"streamlit.components.v1.html", "html", 0, "html"},
    {"flask.Markup", "html", 0, ""},
    {"markupsafe.Markup", "html", 0, ""},
    {"django.utils.safestring.mark_safe", "html", 0, "s"},
    {"fastapi.responses.HTMLResponse", "html", 0, "content"},
    {"starlette.responses.HTMLResponse", "html", 0, "content"},
    {"IPython.display.HTML", "html", 0, "data"},
};

// Libraries whose objects have an `execute` that takes SQL.
inline constexpr std::string_view sql_libraries[] = {
    "sqlite3",   "psycopg2", "psycopg",   "sqlalchemy",        "pymysql",  "MySQLdb",
    "asyncpg",   "duckdb",   "snowflake", "clickhouse_driver", "django",   "databases",
    "aiosqlite", "pyodbc",   "mysql",     "cx_Oracle",         "oracledb", "flask_sqlalchemy",
    "sqlmodel",  "trino",    "pyhive",    "databricks"};

// Functions that a serving product calls with what a client sent, by their name and the parameter
// that it is; without a name, any method that also takes a context. `library` must be imported;
// empty: the name and the parameters say enough.
struct HandlerShape {
  std::string_view function;
  std::string_view parameter;
  std::string_view library;
};
inline constexpr HandlerShape handler_shapes[] = {
    {"handle", "data", "ts"},  // TorchServe: class methods and module functions
    {"preprocess", "data", "ts"},
    {"handle", "data", "torch"},
    {"__call__", "request", "ray"},  // Ray Serve
    {"__call__", "http_request", "ray"},
    {"decode_request", "request", "litserve"},
    {"predict", "payload", "kserve"},
    {"preprocess", "payload", "kserve"},
    {"input_fn", "request_body", ""},  // SageMaker
    {"input_fn", "serialized_input_data", ""},
    {"transform_fn", "request_body", ""},
    {"run", "raw_data", ""},  // Azure Machine Learning
    {"lambda_handler", "event", ""},
    {"predict", "X", "seldon_core"},
    {"", "request", "_pb2_grpc"},  // a gRPC servicer: (self, request, context)
};

}  // namespace parapet::python
