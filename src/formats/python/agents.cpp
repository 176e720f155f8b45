// Agents that a program builds: the tools that they are given, and what keeps them in bounds.
#include "base/text.h"
#include "formats/python/facts.h"

namespace parapet::python {
namespace {

void put_agent(const PyCall& c, const Module& m, std::string_view setting, std::string_view value,
               bool known = true) {
  Fact f{"agent", {}, m.place(c), m.says(c)};
  f.set("framework", std::string_view(c.name).substr(0, c.name.find('.')));
  f.set("setting", setting).set("value", value, known);
  m.sink.add(std::move(f));
}

struct Dangerous {
  std::string_view last;     // last part of the resolved name
  std::string_view setting;  // what the fact says
};
// Tools that run what a model writes.
constexpr Dangerous tools[] = {
    {"PythonREPLTool", "tool"},
    {"PythonAstREPLTool", "tool"},
    {"PythonREPL", "tool"},
    {"ShellTool", "tool"},
    {"BashProcess", "tool"},
    {"PALChain", "chain"},
    {"LocalCommandLineCodeExecutor", "executor"},
    {"create_python_agent", "agent"},
    {"create_pandas_dataframe_agent", "agent"},
    {"create_csv_agent", "agent"},
    {"create_spark_dataframe_agent", "agent"},
    {"PythonInterpreterTool", "tool"},
    {"LocalPythonExecutor", "executor"},
    {"LocalShellTool", "tool"},
    {"PandasQueryEngine", "engine"},
    {"CodeInterpreterTool", "tool"},
};

bool is_agent_framework(std::string_view root) {
  for (std::string_view r : {"langchain",
                             "langchain_experimental",
                             "langchain_community",
                             "langchain_core",
                             "langgraph",
                             "autogen",
                             "autogen_ext",
                             "autogen_agentchat",
                             "smolagents",
                             "crewai",
                             "crewai_tools",
                             "llama_index",
                             "agents",
                             "transformers",
                             "interpreter",
                             "phi",
                             "agno",
                             "langchain_classic",
                             "claude_agent_sdk",
                             "claude_code_sdk",
                             "pydantic_ai",
                             "langchain_openai",
                             "dspy"})
    if (root == r) return true;
  return false;
}

// Tools that reach files, addresses, tables or other accounts in the name of the agent.
constexpr Dangerous reaching[] = {
    {"FileManagementToolkit", "tool-files"}, {"WriteFileTool", "tool-files"},
    {"ReadFileTool", "tool-files"},          {"DeleteFileTool", "tool-files"},
    {"FileWriterTool", "tool-files"},        {"FileReadTool", "tool-files"},
    {"RequestsToolkit", "tool-http"},        {"RequestsGetTool", "tool-http"},
    {"RequestsPostTool", "tool-http"},       {"PlayWrightBrowserToolkit", "tool-http"},
    {"ComputerTool", "tool-desktop"},        {"SQLDatabaseToolkit", "tool-sql"},
    {"QuerySQLDataBaseTool", "tool-sql"},    {"QuerySQLDatabaseTool", "tool-sql"},
    {"create_sql_agent", "tool-sql"},        {"NLSQLTableQueryEngine", "tool-sql"},
    {"GmailToolkit", "tool-mail"},           {"SlackToolkit", "tool-mail"},
};

// What lets an agent act without a person, or without end.
void add_bounds(const PyCall& c, const Module& m, std::string_view last) {
  const PyValue* mode = c.keyword("human_input_mode");
  const PyValue* code = c.keyword("code_execution_config");
  bool runs_code = code != nullptr && !code->is_false() && code->type != PyValue::Type::none;
  if (mode != nullptr && mode->text == "NEVER" && runs_code)
    put_agent(c, m, "human_input_mode", "NEVER");
  if (const PyValue* v = c.keyword("permission_mode"); v != nullptr && v->is_text())
    if (v->text == "bypassPermissions" || v->text == "acceptEdits")
      put_agent(c, m, "permission_mode", v->text);
  if (last == "AgentExecutor" || last == "initialize_agent")
    if (const PyValue* v = c.keyword("max_iterations"); v != nullptr)
      if (v->type == PyValue::Type::none) put_agent(c, m, "max_iterations", "None");
}

void add_calls(const PyCall& c, const Module& m) {
  std::string_view root = std::string_view(c.name).substr(0, c.name.find('.'));
  for (const PyArgument& a : c.arguments)
    if (a.name.starts_with("allow_dangerous_") && a.value.is_true())
      put_agent(c, m, a.name, "true");
  if (!is_agent_framework(root)) return;
  std::string_view last = std::string_view(c.name).substr(c.name.rfind('.') + 1);
  for (const Dangerous& d : tools)
    if (last == d.last) put_agent(c, m, d.setting, last);
  for (const Dangerous& d : reaching)
    if (last == d.last) put_agent(c, m, d.setting, last);
  add_bounds(c, m, last);
  if (last == "load_tools") {
    const PyValue* names = c.argument(0, "tool_names");
    if (names != nullptr)
      for (const PyValue& n : names->items)
        if (n.text == "terminal" || n.text == "python_repl" || n.text == "requests_all")
          put_agent(c, m, "tool", n.text);
  }
  if (const PyValue* v = c.keyword("code_execution_config"); v != nullptr) {
    std::string text = replace_all(replace_all(v->text, " ", ""), "'", "\"");
    if (contains(text, "\"use_docker\":False")) put_agent(c, m, "use_docker", "false");
  }
  if (last == "CodeAgent" && root == "smolagents") {
    const PyValue* executor = c.keyword("executor_type");
    if (executor == nullptr ? !c.unpacks() : executor->text == "local")
      put_agent(c, m, "executor_type", "local");
    if (const PyValue* v = c.keyword("additional_authorized_imports"); v != nullptr)
      for (const PyValue& n : v->items)
        if (n.text == "*" || n.text == "os" || n.text == "subprocess")
          put_agent(c, m, "additional_authorized_imports", n.text);
  }
  if (root == "crewai") {
    if (const PyValue* v = c.keyword("allow_code_execution"); v != nullptr && v->is_true()) {
      const PyValue* mode = c.keyword("code_execution_mode");
      bool unsafe = mode != nullptr && mode->text == "unsafe";
      put_agent(c, m, "code_execution_mode", unsafe ? "unsafe" : "safe");
    }
  }
}

}  // namespace

void add_agents(const PyCall& call, const Module& module) {
  if (call.rooted && !call.name.empty()) add_calls(call, module);
}

// interpreter.auto_run = True: Open Interpreter runs what its model writes, and asks nobody.
void add_agent_settings(const Module& m) {
  for (const PySetting& s : m.code.settings) {
    if (!m.sink.next()) return;
    if (!s.target.starts_with("interpreter.") || !s.target.ends_with(".auto_run") ||
        !s.value.is_true())
      continue;
    Fact f{"agent",
           {},
           m.source.place(s.offset, s.length),
           printable(m.source.text.substr(s.offset, s.length), 160)};
    f.set("framework", "interpreter").set("setting", "auto_run").set("value", "true");
    m.sink.add(std::move(f));
  }
}

}  // namespace parapet::python
