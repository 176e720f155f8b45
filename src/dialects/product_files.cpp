// Configuration files of products that are read as they stand: one `config` fact a file (or YAML
// document), every setting an attribute under the product's own name for it. What a setting means
// is in the rules. A file is known by its name, or by keys that no other product has together.
#include <algorithm>

#include "base/text.h"
#include "dialects/common/leaves.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

struct File {
  std::string_view product;
  std::string_view
      names;  // globs of file names or path tails, separated by spaces; empty: by keys alone
  std::string_view
      keys;  // dotted, separated by spaces: all must be there; empty: the name is enough
};

// The documentation of each product gives names and keys.
constexpr File files[] = {
    {"litellm", "", "model_list"},
    {"litellm", "", "litellm_settings"},
    {"prefect", "prefect.yaml prefect.yml", ""},
    {"prefect", "profiles.toml", "profiles"},
    {"dagster", "dagster.yaml", ""},
    {"great-expectations", "great_expectations.yml great_expectations.yaml", ""},
    {"dagster-workspace", "workspace.yaml", "load_from"},
    {"zenml", "**/.zen/config.yaml", ""},
    {"bentoml", "bentofile.yaml bentofile.yml", ""},
    {"bentoml", "bentoml_configuration.yaml bentoml_configuration.yml", ""},
    {"metaflow", "metaflow_profile.json config_*.json", "METAFLOW_DEFAULT_METADATA"},
    {"kedro-credentials", "credentials.yml credentials.yaml credentials_*.yml", ""},
    {"kedro-catalog", "catalog.yml catalog.yaml catalog_*.yml", ""},
    {"dvc", "dvc.yaml", "stages"},
    {"milvus", "milvus.yaml", ""},
    {"milvus", "", "etcd minio proxy common"},
    {"qdrant", "**/qdrant/*.yaml **/qdrant/config/*.yaml qdrant.yaml", ""},
    {"qdrant", "", "service.grpc_port storage"},
    {"weaviate", "weaviate.conf.json weaviate.yaml", ""},
    {"elasticsearch", "elasticsearch.yml opensearch.yml", ""},
    {"mongodb", "mongod.conf", ""},
    {"clickhouse", "clickhouse.yaml", ""},
    {"cassandra", "cassandra.yaml", ""},
    {"chroma", "chroma_config.yaml chroma.yaml", ""},
    {"label-studio", "label-studio.json label_studio.yaml", ""},
    {"clearml", "clearml.conf trains.conf apiserver.conf", ""},
    {"streamlit", "**/.streamlit/config.toml .streamlit/config.toml", ""},
    {"streamlit-secrets", "**/.streamlit/secrets.toml .streamlit/secrets.toml", ""},
    {"jupyter", "jupyter_server_config.json jupyter_notebook_config.json jupyter_config.json", ""},
    {"z2jh", "", "singleuser hub proxy"},
    {"z2jh", "", "hub.config"},
    {"databricks", "databricks.yml databricks.yaml", "bundle"},
    {"sagemaker", "", "SchemaVersion SageMaker"},
    {"azureml-endpoint", "", "$schema auth_mode"},
    {"azureml-compute", "", "$schema type min_instances"},
    {"azureml-job", "", "$schema command environment"},
    {"ray-cluster", "", "cluster_name provider auth"},
    {"ray-cluster", "", "cluster_name available_node_types"},
    {"mlserver", "model-settings.json settings.json", "implementation"},
    {"skypilot", "", "resources setup run"},
    {"guardrails", "", "rails models"},
    {"promptfoo", "promptfooconfig.yaml promptfooconfig.yml", ""},
    {"continue", "**/.continue/config.json **/.continue/config.yaml", ""},
    {"aider", ".aider.conf.yml", ""},
    {"goose", "**/goose/config.yaml", ""},
    {"codex", "**/.codex/config.toml .codex/config.toml", ""},
    {"claude-settings",
     "**/.claude/settings.json .claude/settings.json **/.claude/settings.local.json "
     ".claude/settings.local.json",
     ""},
    {"gemini-settings", "**/.gemini/settings.json .gemini/settings.json", ""},
    {"vscode-settings", "**/.vscode/settings.json .vscode/settings.json", ""},
    {"vscode-tasks", "**/.vscode/tasks.json .vscode/tasks.json", ""},
    {"devcontainer", "devcontainer.json .devcontainer.json", ""},
    {"langgraph", "langgraph.json", "graphs"},
    {"autogen-studio", "", "team_type participants"},
    {"crewai-agents", "agents.yaml agents.yml", ""},
    {"dify", "", "app workflow kind version"},
    {"n8n-workflow", "", "nodes connections"},
    {"flowise-chatflow", "", "nodes edges viewport"},
    {"node-red", "flows.json", ""},
    {"openapi", "", "openapi paths"},
    {"openapi", "", "swagger paths"},
    {"dependabot",
     "**/.github/dependabot.yml **/.github/dependabot.yaml .github/dependabot.yml "
     ".github/dependabot.yaml",
     ""},
    {"renovate", "renovate.json .renovaterc .renovaterc.json", ""},
    {"pre-commit", ".pre-commit-config.yaml .pre-commit-config.yml", ""},
    {"circleci", "**/.circleci/config.yml .circleci/config.yml", ""},
    {"azure-pipelines", "azure-pipelines.yml azure-pipelines.yaml azure-pipelines-*.yml", ""},
    {"bitbucket", "bitbucket-pipelines.yml", ""},
    {"cloudbuild", "cloudbuild.yaml cloudbuild.yml cloudbuild.json", "steps"},
    {"codebuild", "buildspec.yml buildspec.yaml", ""},
    {"drone", ".drone.yml", ""},
    {"travis", ".travis.yml", ""},
    {"buildkite", "**/.buildkite/pipeline.yml .buildkite/pipeline.yml", ""},
    {"readthedocs", ".readthedocs.yml .readthedocs.yaml", ""},
    {"binder", "**/binder/repo2docker_config.json", ""},
    {"prometheus", "prometheus.yml prometheus.yaml", ""},
    {"alertmanager", "alertmanager.yml alertmanager.yaml", ""},
    {"grafana-datasource", "", "apiVersion datasources"},
    {"loki", "loki.yaml loki-config.yaml", ""},
    {"otel-collector", "", "receivers exporters service"},
    {"traefik", "traefik.yml traefik.yaml traefik.toml", ""},
    {"envoy", "envoy.yaml envoy.yml", "static_resources"},
    {"kong", "kong.yml kong.yaml", "services"},
    {"docker-daemon", "daemon.json **/docker/daemon.json", ""},
    {"containerd", "**/containerd/config.toml", ""},
    {"nvidia-runtime", "**/nvidia-container-runtime/config.toml", ""},
    {"kind-cluster", "", "kind apiVersion nodes"},
    {"k3s", "**/rancher/k3s/config.yaml", ""},
    {"balena", "docker-compose.balena.yml balena.yml", ""},
    {"greengrass", "", "RecipeFormatVersion ComponentName"},
    {"iot-edge", "deployment.template.json deployment.json", "modulesContent"},
    {"cloud-init", "user-data user-data.yaml cloud-config.yaml cloud-init.yaml", ""},
    {"netplan", "**/netplan/*.yaml", ""},
    {"home-assistant", "configuration.yaml", "homeassistant"},
    {"frigate", "", "cameras mqtt"},
    {"zigbee2mqtt", "", "mqtt serial"},
};

bool matches_name(std::string_view globs, std::string_view path) {
  std::string_view name = file_name(path);
  for (std::string_view glob : split(globs, ' ')) {
    if (glob.empty()) continue;
    if (glob_matches(glob, contains(glob, "/") ? path : name)) return true;
  }
  return false;
}

bool has_keys(std::string_view keys, const Node& root) {
  if (!root.is_map()) return keys.empty();
  std::vector<std::string_view> wanted = split(keys, ' ');
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](std::string_view k) { return k.empty() || root.find(k) != nullptr; });
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (d.syntax == "dockerfile" || d.syntax == "hcl" || (!d.root.is_map() && !d.root.is_list()))
      continue;
    std::vector<std::string_view> said;
    for (const File& f : files) {
      if (f.names.empty() ? !d.root.is_map() : !matches_name(f.names, a.name)) continue;
      if (!has_keys(f.keys, d.root)) continue;
      if (std::find(said.begin(), said.end(), f.product) != said.end()) continue;
      said.push_back(f.product);
      Fact fact{"config", {}, d.root.place(), "configuration of " + std::string(f.product)};
      fact.place.length = 0;
      fact.set("product", f.product);
      add_leaves(fact, d.root, sink);
      sink.add(std::move(fact));
    }
  }
}

}  // namespace

extern const Dialect product_files;
const Dialect product_files{"product_files",
                            "Configuration files of ML products, services, CI systems and agents",
                            read, nullptr};

}  // namespace parapet::dialects
