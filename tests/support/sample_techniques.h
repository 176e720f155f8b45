#pragma once
// Techniques for the standard scan: enough to fill every tactic of the matrix. Facts of MITRE
// ATLAS.
#include <string_view>

namespace parapet::test {

struct SampleTechnique {
  // `tactics` without "AML."; `phases`: d design-setup, e development-evaluation, o operations
  std::string_view id, name, parent, tactics, maturity, category, phases;
};

// clang-format off
inline constexpr SampleTechnique sample_techniques[] = {
    {"AML.T0000", "Search Open Technical Databases", "", "TA0002", "demonstrated", "preparation", "d"},
    {"AML.T0000.000", "Search Open Technical Databases: Journals and Conference Proceedings", "AML.T0000", "TA0002", "feasible", "preparation", "d"},
    {"AML.T0000.001", "Search Open Technical Databases: Pre-Print Repositories", "AML.T0000", "TA0002", "demonstrated", "preparation", "d"},
    {"AML.T0001", "Search Open AI Vulnerability Analysis", "", "TA0002", "demonstrated", "preparation", "de"},
    {"AML.T0002", "Acquire Public AI Artifacts", "", "TA0003", "realized", "preparation", "de"},
    {"AML.T0002.000", "Acquire Public AI Artifacts: Datasets", "AML.T0002", "TA0003", "demonstrated", "preparation", "de"},
    {"AML.T0002.001", "Acquire Public AI Artifacts: Models", "AML.T0002", "TA0003", "demonstrated", "preparation", "de"},
    {"AML.T0005", "Create Proxy AI Model", "", "TA0001", "demonstrated", "preparation", "o"},
    {"AML.T0005.000", "Create Proxy AI Model: Train Proxy via Gathered AI Artifacts", "AML.T0005", "TA0001", "demonstrated", "preparation", "de"},
    {"AML.T0005.001", "Create Proxy AI Model: Train Proxy via Replication", "AML.T0005", "TA0001", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0007", "Discover AI Artifacts", "", "TA0008", "demonstrated", "system-level/pipeline-infrastructure", "de"},
    {"AML.T0008", "Acquire Infrastructure", "", "TA0003", "realized", "preparation", "d"},
    {"AML.T0010", "AI Supply Chain Compromise", "", "TA0004", "realized", "system-level/pipeline-infrastructure", "deo"},
    {"AML.T0010.000", "AI Supply Chain Compromise: Hardware", "AML.T0010", "TA0004", "feasible", "system-level/pipeline-infrastructure", "d"},
    {"AML.T0010.001", "AI Supply Chain Compromise: AI Software", "AML.T0010", "TA0004", "realized", "system-level/pipeline-infrastructure", "deo"},
    {"AML.T0010.003", "AI Supply Chain Compromise: Model", "AML.T0010", "TA0004", "realized", "system-level/model-integrity", "eo"},
    {"AML.T0011", "User Execution", "", "TA0005", "realized", "user-level/social-engineering", "de"},
    {"AML.T0011.000", "User Execution: Unsafe AI Artifacts", "AML.T0011", "TA0005", "realized", "system-level/model-integrity", "eo"},
    {"AML.T0011.001", "User Execution: Malicious Package", "AML.T0011", "TA0005", "realized", "system-level/pipeline-infrastructure", "deo"},
    {"AML.T0012", "Valid Accounts", "", "TA0004;TA0012", "realized", "user-level/insecure-accounts", "deo"},
    {"AML.T0013", "Discover AI Model Ontology", "", "TA0008", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0014", "Discover AI Model Family", "", "TA0008", "feasible", "system-level/deployment-runtime", "o"},
    {"AML.T0015", "Evade AI Model", "", "TA0004;TA0007;TA0011", "realized", "system-level/deployment-runtime", "eo"},
    {"AML.T0018", "Manipulate AI Model", "", "TA0006;TA0001", "realized", "system-level/model-integrity", "eo"},
    {"AML.T0018.000", "Manipulate AI Model: Poison AI Model", "AML.T0018", "TA0006;TA0001", "demonstrated", "system-level/model-integrity", "e"},
    {"AML.T0018.001", "Manipulate AI Model: Modify AI Model Architecture", "AML.T0018", "TA0006;TA0001", "demonstrated", "system-level/model-integrity", "eo"},
    {"AML.T0018.002", "Manipulate AI Model: Embed Malware", "AML.T0018", "TA0006;TA0001", "realized", "system-level/model-integrity", "eo"},
    {"AML.T0020", "Poison Training Data", "", "TA0003;TA0006", "realized", "system-level/data-integrity", "eo"},
    {"AML.T0024", "Exfiltration via AI Inference API", "", "TA0010", "realized", "system-level/deployment-runtime", "eo"},
    {"AML.T0024.000", "Exfiltration via AI Inference API: Infer Training Data Membership", "AML.T0024", "TA0010", "feasible", "system-level/deployment-runtime", "eo"},
    {"AML.T0024.001", "Exfiltration via AI Inference API: Invert AI Model", "AML.T0024", "TA0010", "feasible", "system-level/deployment-runtime", "eo"},
    {"AML.T0025", "Exfiltration via Cyber Means", "", "TA0010", "realized", "system-level/network-exploitation", "deo"},
    {"AML.T0029", "Denial of AI Service", "", "TA0011", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0031", "Erode AI Model Integrity", "", "TA0011", "realized", "system-level/deployment-runtime", "o"},
    {"AML.T0034", "Cost Harvesting", "", "TA0011", "feasible", "system-level/deployment-runtime", "o"},
    {"AML.T0035", "AI Artifact Collection", "", "TA0009", "realized", "system-level/pipeline-infrastructure", "eo"},
    {"AML.T0036", "Data from Information Repositories", "", "TA0009", "realized", "system-level/pipeline-infrastructure", "de"},
    {"AML.T0037", "Data from Local System", "", "TA0009", "realized", "system-level/pipeline-infrastructure", "de"},
    {"AML.T0040", "AI Model Inference API Access", "", "TA0000", "realized", "system-level/deployment-runtime", "o"},
    {"AML.T0041", "Physical Environment Access", "", "TA0000", "demonstrated", "user-level/physical-access", "eo"},
    {"AML.T0044", "Full AI Model Access", "", "TA0000", "demonstrated", "system-level/model-integrity", "eo"},
    {"AML.T0047", "AI-Enabled Product or Service", "", "TA0000", "realized", "system-level/deployment-runtime", "o"},
    {"AML.T0049", "Exploit Public-Facing Application", "", "TA0004", "realized", "system-level/network-exploitation", "do"},
    {"AML.T0050", "Command and Scripting Interpreter", "", "TA0005", "demonstrated", "system-level/pipeline-infrastructure", "do"},
    {"AML.T0051", "LLM Prompt Injection", "", "TA0005", "realized", "system-level/deployment-runtime", "o"},
    {"AML.T0051.000", "LLM Prompt Injection: Direct", "AML.T0051", "TA0005", "realized", "system-level/deployment-runtime", "o"},
    {"AML.T0051.001", "LLM Prompt Injection: Indirect", "AML.T0051", "TA0005", "demonstrated", "system-level/deployment-runtime", "eo"},
    {"AML.T0052", "Phishing", "", "TA0004;TA0015", "realized", "user-level/social-engineering", "d"},
    {"AML.T0052.000", "Phishing: Spearphishing via Social Engineering LLM", "AML.T0052", "TA0004;TA0015", "demonstrated", "user-level/social-engineering", "do"},
    {"AML.T0052.001", "Phishing: Deepfake-Assisted Phishing", "AML.T0052", "TA0004;TA0015", "feasible", "user-level/social-engineering", "d"},
    {"AML.T0053", "AI Agent Tool Invocation", "", "TA0005;TA0012", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0054", "LLM Jailbreak", "", "TA0012;TA0007", "demonstrated", "system-level/deployment-runtime", "eo"},
    {"AML.T0055", "Unsecured Credentials", "", "TA0013", "realized", "user-level/unsecured-credentials", "deo"},
    {"AML.T0062", "Discover LLM Hallucinations", "", "TA0008", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0067", "LLM Trusted Output Components Manipulation", "", "TA0007", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0067.000", "LLM Trusted Output Components Manipulation: Citations", "AML.T0067", "TA0007", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0072", "Reverse Shell", "", "TA0014", "realized", "system-level/network-exploitation", "do"},
    {"AML.T0082", "RAG Credential Harvesting", "", "TA0013", "demonstrated", "user-level/unsecured-credentials", "eo"},
    {"AML.T0083", "Credentials from AI Agent Configuration", "", "TA0013", "demonstrated", "user-level/unsecured-credentials", "o"},
    {"AML.T0085", "Data from AI Services", "", "TA0009", "demonstrated", "system-level/deployment-runtime", "o"},
    {"AML.T0090", "OS Credential Dumping", "", "TA0013", "demonstrated", "user-level/unsecured-credentials", "do"},
    {"AML.T0091", "Use Alternate Authentication Material", "", "TA0015", "demonstrated", "user-level/insecure-accounts", "do"},
    {"AML.T0096", "AI Service API", "", "TA0014", "realized", "system-level/network-exploitation", "o"},
    {"AML.T0105", "Escape to Host", "", "TA0012", "demonstrated", "system-level/pipeline-infrastructure", "do"},
    {"AML.T0108", "AI Agent", "", "TA0014", "demonstrated", "system-level/network-exploitation", "o"},
};
// clang-format on

}  // namespace parapet::test
