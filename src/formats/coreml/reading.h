#pragma once
// What the parts of a Core ML model share while one is read.
#include <set>
#include <string>

#include "formats/protobuf/operators.h"
#include "formats/protobuf/wire.h"

namespace parapet::coreml {

struct Reading {
  Reading(const Artifact& a, Sink& s) : walk(a, s, "Core ML") {}
  protobuf::Walk walk;
  protobuf::Operators operators{"coreml"};
  std::set<std::string, std::less<>> weights;  // files that were already put
  std::uint64_t metadata = 0, links = 0;
};

// Model, also one inside a pipeline. `where` names it in facts.
void read_model(Reading&, Cursor body, const std::string& where);
// An ML program: what its operators are, and which files their constants lie in.
void read_program(Reading&, const protobuf::Field&);
// The layers of a neural network.
void read_network(Reading&, const protobuf::Field&, const std::string& where);
// {className, parameters, description} of a custom model or layer, as the numbers of its fields
// say.
void read_custom(Reading&, const protobuf::Field&, std::uint32_t class_field, std::string_view kind,
                 const std::string& where);
void put_metadata(Reading&, std::string_view key, std::string_view value, const Place&);

}  // namespace parapet::coreml
