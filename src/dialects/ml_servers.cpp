// Servers of the ML tool chain that say by their command line who may reach them.
#include "dialects/common/service.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

struct Row {
  std::string_view program, subcommand, product, host,
      port;               // host and port: the product's defaults
  std::string_view auth;  // when nothing else says so: "none" for servers without accounts, ""
                          // where a file may set them
};
// Defaults as the tools' own --help says them.
constexpr Row rows[] = {{"tensorboard", "", "tensorboard", "localhost", "6006", "none"},
                        {"streamlit", "run", "streamlit", "0.0.0.0", "8501", "none"},
                        {"prefect", "server", "prefect", "127.0.0.1", "4200", "none"},
                        {"dagster-webserver", "", "dagster", "127.0.0.1", "3000", "none"},
                        {"dagit", "", "dagster", "127.0.0.1", "3000", "none"},
                        {"dagster", "dev", "dagster", "127.0.0.1", "3000", "none"},
                        {"bentoml", "serve", "bentoml", "0.0.0.0", "3000", ""},
                        {"feast", "serve", "feast", "127.0.0.1", "6566", ""},
                        {"feast", "ui", "feast-ui", "0.0.0.0", "8888", "none"},
                        {"airflow", "webserver", "airflow", "0.0.0.0", "8080", ""},
                        {"airflow", "api-server", "airflow", "0.0.0.0", "8080", ""},
                        {"airflow", "standalone", "airflow", "0.0.0.0", "8080", ""},
                        {"uvicorn", "", "uvicorn", "127.0.0.1", "8000", ""},
                        {"label-studio", "start", "label-studio", "0.0.0.0", "8080", ""},
                        {"zenml", "up", "zenml", "127.0.0.1", "8237", ""},
                        {"argo", "server", "argo", "0.0.0.0", "2746", ""},
                        {"kedro", "viz", "kedro-viz", "127.0.0.1", "4141", "none"},
                        {"optuna-dashboard", "", "optuna-dashboard", "127.0.0.1", "8080", "none"},
                        {"aim", "up", "aim", "127.0.0.1", "43800", "none"}};

void understand(const Artifact&, Sink& sink) {
  each_fact(sink, "process", [&](std::int32_t i, const Fact& p) {
    for (const Row& r : rows) {
      bool sub = r.subcommand.empty() || p.get("subcommand") == r.subcommand;
      if (p.get("program") != r.program || !sub) continue;
      Serving s;
      s.product = r.product;
      s.host = pick(
          p,
          {"host", "h", "server.address", "http.host", "listen-addr", "internal-host", "hostname"},
          {"PREFECT_SERVER_API_HOST", "STREAMLIT_SERVER_ADDRESS", "BENTOML_HOST"}, r.host);
      if (has_flag(p, {"bind_all", "bind-all"})) s.host = {"0.0.0.0", true, true};
      s.port =
          pick(p, {"port", "p", "server.port", "http.port"}, {"PREFECT_SERVER_API_PORT"}, r.port);
      if (r.auth == "none" && is_complete(sink, p)) s.auth = "none";
      if (r.product == "prefect" && variable(sink, p, "PREFECT_SERVER_API_AUTH_STRING") != nullptr)
        s.auth = "basic";
      if (r.product == "argo" && p.get("flags.auth-mode") == "server") s.auth = "none";
      if (r.product == "bentoml" && has_flag(p, {"ssl-keyfile"})) s.controls.emplace_back("tls");
      add_service(sink, i, s);
      break;
    }
  });
}

}  // namespace

extern const Dialect ml_servers;
const Dialect ml_servers{"ml_servers", "Servers of the ML tool chain", nullptr, understand};

}  // namespace parapet::dialects
