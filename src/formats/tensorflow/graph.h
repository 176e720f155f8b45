#pragma once
// GraphDef: nodes and a library of functions, whose bodies are nodes too.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/protobuf/operators.h"
#include "formats/protobuf/wire.h"
#include "formats/tensorflow/operators.h"

namespace parapet::tensorflow {

struct Reading {
  Reading(const Artifact& a, Sink& s) : walk(a, s, "TensorFlow") {}
  protobuf::Walk walk;
  protobuf::Operators operators{"tensorflow"};
  std::set<std::string, std::less<>> assets;  // tensors that stand for the model's own assets
  std::uint64_t tensors = 0, absurd = 0, references = 0, notes = 0;
  std::uint64_t kept = 0;  // nodes and functions that are held until all are known
};

// The nodes of a graph or of a function, kept until all are known: an operator's file name is
// often the constant that another node holds.
class Graph {
 public:
  Graph(Reading& r, std::string where) : r_(r), where_(std::move(where)) {}
  void add_node(const protobuf::Field&);
  // Puts the operators that have a power. `given`: paths that callers pass to this function.
  void judge(const std::set<std::string>& given);
  // Paths that this graph passes to functions, by the function's name.
  std::map<std::string, std::set<std::string>> passes() const;
  // Functions that this graph calls.
  std::set<std::string> callees() const;

 private:
  struct Source {  // a node that text flows through
    std::string_view op;
    std::vector<std::string_view> inputs;
    std::string text;
    bool is_text = false;
  };
  struct Suspect {
    std::string_view op;
    const Power* power;
    std::vector<std::string_view> inputs;
    std::string text;  // of the attribute that names the file
    Place place;
  };
  struct Call {
    std::vector<std::string> functions;
    std::vector<std::string_view> inputs;
  };
  struct Node;
  void read_attribute(const protobuf::Field&, Node&);
  void read_value(const protobuf::Field&, std::string_view name, Node&, unsigned depth);
  void judge(const Suspect&, const std::set<std::string>& given);
  bool resolve(std::string_view input, std::string& out, unsigned depth) const;
  bool is_asset(std::string_view input, unsigned depth) const;

  Reading& r_;
  std::string where_;
  std::unordered_map<std::string_view, Source> sources_;
  std::vector<Suspect> suspects_;
  std::vector<Call> calls_;
};

// A GraphDef, which may come in parts: protobuf makes one of them.
void read_graph(Reading&, const std::vector<Cursor>& parts);
// TensorProto: its first text goes to `text` where it is one.
void read_tensor(Reading&, const protobuf::Field&, std::string_view name, std::string* text);

// Does this message look like a GraphDef?
bool is_graph(Cursor body, bool named_so);

// Does the path lead out of the model, or to another machine?
bool is_path_of_its_own(std::string_view path);

}  // namespace parapet::tensorflow
