// NVIDIA Triton Inference Server: HTTP, gRPC and metrics listeners; it has no accounts of its own.
// https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/
#include "dialects/common/service.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

bool off(const Fact& p, std::string_view flag) {
  std::string_view v = p.get("flags." + std::string(flag));
  return v == "false" || v == "0" || v == "False";
}

void understand(const Artifact&, Sink& sink) {
  each_process(sink, {"tritonserver"}, [&](std::int32_t i, const Fact& p) {
    std::vector<std::string> controls;
    if (has_flag(p, {"http-restricted-api", "grpc-restricted-protocol"}))
      controls.emplace_back("restricted-api");
    if (p.get("flags.grpc-use-ssl") == "true" || p.get("flags.grpc-use-ssl") == "1")
      controls.emplace_back("tls");
    std::string auth = is_complete(sink, p) ? "none" : "";
    if (!off(p, "allow-grpc"))
      add_service(sink, i,
                  {"triton", pick(p, {"grpc-address"}, {}, "0.0.0.0"),
                   pick(p, {"grpc-port"}, {}, "8001"), auth, controls, "grpc"});
    if (!off(p, "allow-http"))
      add_service(sink, i,
                  {"triton",
                   pick(p, {"http-address"}, {}, "0.0.0.0"),
                   pick(p, {"http-port"}, {}, "8000"),
                   auth,
                   controls,
                   {}});
  });
}

}  // namespace

extern const Dialect triton;
const Dialect triton{"triton", "Triton inference servers", nullptr, understand};

}  // namespace parapet::dialects
