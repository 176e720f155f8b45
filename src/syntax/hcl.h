#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// HCL 2 (Terraform, OpenTofu) as far as its structure goes: blocks, attributes, literals, lists,
// objects, heredocs. Each block becomes a map; `resource "aws_s3_bucket" "data" {…}` is reached as
// resource.aws_s3_bucket.data, and blocks of one name stand several times, in order. An expression
// that is not a literal keeps its source text and the tag "expression"; "${var.x}" inside a string
// as well. https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
Parsed parse_hcl(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
