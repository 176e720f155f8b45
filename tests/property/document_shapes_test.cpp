// A dialect gets documents as hostile people write them: any node may be of another type than its
// product expects. Every node of every case is replaced by each of the other types.
#include <doctest/doctest.h>

#include "dialects/dialect.h"
#include "formats/format.h"
#include "support/hexfile.h"

using namespace parapet;

namespace {

constexpr std::size_t nodes_per_document = 120;

std::vector<Document> documents_of(const test::Fixture& f) {
  Budget budget(Limits{}, f.bytes.size());
  Sink sink(budget, [](Artifact&&) {});
  Artifact artifact{f.name, as_bytes(f.bytes)};
  for (const Format* format : all_formats())
    if (format->recognises(artifact)) format->parse(artifact, sink);
  return sink.documents();
}

void every_node(Node& n, std::vector<Node*>& out) {
  if (out.size() >= nodes_per_document) return;
  out.push_back(&n);
  for (Node& k : n.keys) every_node(k, out);
  for (Node& i : n.items) every_node(i, out);
}

std::vector<Node> shapes() {
  Node text{.type = Node::Type::scalar, .text = "x"};
  Node empty{.type = Node::Type::scalar};
  Node list{.type = Node::Type::list, .items = {text, Node{}, Node{.type = Node::Type::map}}};
  list.items.push_back(list);
  Node map{.type = Node::Type::map, .keys = {text, empty}, .items = {list, text}};
  return {Node{}, text, empty, list, map};
}

void read(const Artifact& artifact, const std::vector<Document>& documents) {
  Budget budget(Limits{}, artifact.bytes.size());
  Sink sink(budget, [](Artifact&&) {});
  for (const Dialect* d : all_dialects())
    if (d->read != nullptr) d->read(artifact, documents, sink);
  for (const Dialect* d : all_dialects())
    if (d->understand != nullptr) d->understand(artifact, sink);
}

}  // namespace

TEST_CASE("no dialect depends on the types of nodes") {
  std::size_t tried = 0;
  for (const char* folder : {SRC_DIR "/tests/dialects", SRC_DIR "/tests/formats/yaml"})
    for (const test::Fixture& f : test::fixtures(folder)) {
      Artifact artifact{f.name, as_bytes(f.bytes)};
      std::vector<Document> documents = documents_of(f);
      for (Document& d : documents) {
        std::vector<Node*> nodes;
        every_node(d.root, nodes);
        for (Node* n : nodes)
          for (const Node& shape : shapes()) {
            Node before = std::exchange(*n, shape);
            read(artifact, documents);
            *n = std::move(before);
            ++tried;
          }
      }
    }
  CHECK(tried > 1000);
}
