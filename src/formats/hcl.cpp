// Terraform and OpenTofu configuration. https://developer.hashicorp.com/terraform/language/syntax
#include "syntax/hcl.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) { return text::named(a, {"tf", "tofu", "tfvars", "hcl"}); }

void parse(const Artifact& a, Sink& sink) { text::read(a, sink, "hcl", parse_hcl); }

}  // namespace

extern const Format hcl;
const Format hcl{"hcl",
                 1,
                 "Terraform and OpenTofu (HCL)",
                 "https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md",
                 recognises,
                 parse};

}  // namespace parapet::formats
