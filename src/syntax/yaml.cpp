#include "syntax/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <map>
#include <unordered_set>

namespace parapet {
namespace {

constexpr std::size_t max_alias_nodes = 200'000;  // nodes that aliases may add, whole text

std::size_t count_nodes(const Node& n) {
  std::size_t count = 1;
  for (const Node& x : n.keys) count += count_nodes(x);
  for (const Node& x : n.items) count += count_nodes(x);
  return count;
}

// libyaml counts characters; places are in bytes. A checkpoint every few characters keeps the way
// from one to the other short without holding an entry per character.
class ByteOffsets {
 public:
  explicit ByteOffsets(std::string_view text) : text_(text) {
    bool ascii = true;
    for (char c : text) ascii = ascii && (static_cast<unsigned char>(c) < 0x80);
    if (ascii) return;
    std::uint64_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
      if (starts_character(text[i]) && characters++ % stride == 0) checkpoints_.push_back(i);
  }
  std::uint64_t size() const { return text_.size(); }
  std::uint64_t of(std::uint64_t character) const {
    if (checkpoints_.empty()) return std::min<std::uint64_t>(character, text_.size());
    std::uint64_t nearest = std::min<std::uint64_t>(character / stride, checkpoints_.size() - 1);
    std::size_t at = checkpoints_[nearest];
    for (std::uint64_t left = character - nearest * stride; left > 0 && at < text_.size(); --left)
      for (++at; at < text_.size() && !starts_character(text_[at]);) ++at;
    return at;
  }

 private:
  static constexpr std::uint64_t stride = 64;
  static bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }
  std::string_view text_;
  std::vector<std::size_t> checkpoints_;  // of every stride-th character; empty: all ASCII
};

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going)
      : keep_going_(keep_going), bytes_(text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Reader() { yaml_parser_delete(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Parsed run() {
    while (step()) {
    }
    return std::move(out_);
  }

 private:
  // A collection being read. Maps alternate key, value.
  struct Open {
    Node node;
    std::string anchor;
    bool have_key = false;
  };

  bool stop(std::string problem, const yaml_mark_t& at) {
    out_.problem = std::move(problem);
    out_.problem_at = {
        bytes_.of(at.index), 0, static_cast<std::uint32_t>(at.line + 1), column(at), {}};
    keep_partial();
    return false;
  }

  std::uint32_t column(const yaml_mark_t& at) const {
    return static_cast<std::uint32_t>(bytes_.of(at.index) -
                                      bytes_.of(at.index - std::min(at.index, at.column)) + 1);
  }

  void set_place(Node& n, const yaml_event_t& e) const {
    n.offset = bytes_.of(e.start_mark.index);
    n.length = bytes_.of(e.end_mark.index) - n.offset;
    n.line = static_cast<std::uint32_t>(e.start_mark.line + 1);
    n.column = column(e.start_mark);
  }

  // What was read of a broken document is kept: its open collections are closed where they stand.
  void keep_partial() {
    while (!open_.empty()) close_collection();
    finish_document();
  }

  bool step() {
    yaml_event_t event;
    if (yaml_parser_parse(&parser_, &event) == 0) {
      std::string why = parser_.problem != nullptr ? parser_.problem : "not YAML";
      if (parser_.error != YAML_READER_ERROR) return stop(std::move(why), parser_.problem_mark);
      stop(std::move(why), parser_.mark);
      out_.problem_at.offset = std::min<std::uint64_t>(parser_.problem_offset, bytes_.size());
      return false;
    }
    bool more = handle(event);
    yaml_event_delete(&event);
    return more;
  }

  bool handle(const yaml_event_t& e) {
    if (keep_going_ && !keep_going_()) return stop("stopped at a limit", e.start_mark);
    switch (e.type) {
      case YAML_SCALAR_EVENT:
        put(scalar(e), text(e.data.scalar.anchor));
        return true;
      case YAML_SEQUENCE_START_EVENT:
        return begin(Node::Type::list, e, e.data.sequence_start.anchor, e.data.sequence_start.tag);
      case YAML_MAPPING_START_EVENT:
        return begin(Node::Type::map, e, e.data.mapping_start.anchor, e.data.mapping_start.tag);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        open_.back().node.length = bytes_.of(e.end_mark.index) - open_.back().node.offset;
        close_collection();
        return true;
      case YAML_ALIAS_EVENT:
        return alias(e);
      case YAML_DOCUMENT_END_EVENT:
        finish_document();
        return true;
      case YAML_STREAM_END_EVENT:
        return false;
      case YAML_NO_EVENT:
      case YAML_STREAM_START_EVENT:
      case YAML_DOCUMENT_START_EVENT:
        return true;
    }
    return true;
  }

  static std::string text(const unsigned char* s) {
    return s != nullptr ? reinterpret_cast<const char*>(s) : "";
  }

  static std::string tag(const unsigned char* raw) {
    std::string t = text(raw);
    constexpr std::string_view core = "tag:yaml.org,2002:";
    if (!t.starts_with(core)) return t == "!" ? "" : t;
    std::string name = t.substr(core.size());
    for (std::string_view plain : {"str", "int", "float", "bool", "null", "map", "seq", "merge"})
      if (name == plain) return {};
    return "!!" + name;
  }

  Node at(const yaml_event_t& e, Node::Type type) const {
    Node n;
    n.type = type;
    set_place(n, e);
    return n;
  }

  Node scalar(const yaml_event_t& e) const {
    Node n = at(e, Node::Type::scalar);
    n.text.assign(reinterpret_cast<const char*>(e.data.scalar.value), e.data.scalar.length);
    n.quoted = e.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    n.tag = tag(e.data.scalar.tag);
    if (!n.quoted && n.tag.empty() &&
        (n.text.empty() || n.text == "~" || n.text == "null" || n.text == "Null" ||
         n.text == "NULL"))
      n.type = Node::Type::null;
    return n;
  }

  bool begin(Node::Type type, const yaml_event_t& e, const unsigned char* anchor,
             const unsigned char* raw_tag) {
    if (open_.size() >= max_tree_depth)
      return stop("nested deeper than " + std::to_string(max_tree_depth), e.start_mark);
    Node n = at(e, type);
    n.tag = tag(raw_tag);
    open_.push_back({std::move(n), text(anchor), false});
    return true;
  }

  void close_collection() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.have_key) done.node.items.emplace_back();  // cut between key and value
    if (done.node.is_map()) {
      apply_merges(done.node);
      note_duplicates(done.node, out_);
    }
    put(std::move(done.node), done.anchor);
  }

  bool alias(const yaml_event_t& e) {
    auto found = anchors_.find(text(e.data.alias.anchor));
    if (found == anchors_.end()) return stop("alias without anchor", e.start_mark);
    alias_nodes_ += found->second.second;
    if (alias_nodes_ > max_alias_nodes)
      return stop("aliases expand to too many nodes", e.start_mark);
    Node copy = found->second.first;
    set_place(copy, e);
    put(std::move(copy), "");
    return true;
  }

  void put(Node n, const std::string& anchor) {
    if (!anchor.empty()) {
      std::size_t size = count_nodes(n);
      anchors_[anchor] = {n, size};
    }
    if (open_.empty()) {
      root_ = std::move(n);
      have_root_ = true;
      return;
    }
    Open& top = open_.back();
    if (top.node.is_map() && !top.have_key) {
      top.node.keys.push_back(std::move(n));
      top.have_key = true;
    } else {
      top.node.items.push_back(std::move(n));
      top.have_key = false;
    }
  }

  // "<<: *base" and "<<: [*a, *b]": keys that the map does not have itself come from the base.
  static void apply_merges(Node& map) {
    auto is_merge = [](const Node& key) { return key.text == "<<" && !key.quoted; };
    if (std::none_of(map.keys.begin(), map.keys.end(), is_merge)) return;
    std::unordered_set<std::string> have;
    std::vector<Node> keys;
    std::vector<Node> items;
    std::vector<Node> bases;
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
      if (!is_merge(map.keys[i])) {
        have.insert(map.keys[i].text);
        keys.push_back(std::move(map.keys[i]));
        items.push_back(std::move(map.items[i]));
      } else if (map.items[i].is_list()) {
        for (Node& base : map.items[i].items) bases.push_back(std::move(base));
      } else {
        bases.push_back(std::move(map.items[i]));
      }
    }
    for (Node& base : bases) {
      if (!base.is_map()) continue;
      for (std::size_t k = 0; k < base.keys.size(); ++k) {
        if (!have.insert(base.keys[k].text).second) continue;
        keys.push_back(std::move(base.keys[k]));
        items.push_back(std::move(base.items[k]));
      }
    }
    map.keys = std::move(keys);
    map.items = std::move(items);
  }

  void finish_document() {
    if (have_root_) out_.documents.push_back({"yaml", std::move(root_)});
    root_ = {};
    have_root_ = false;
    anchors_.clear();
  }

  const KeepGoing& keep_going_;
  ByteOffsets bytes_;
  yaml_parser_t parser_{};
  Parsed out_;
  std::vector<Open> open_;
  std::map<std::string, std::pair<Node, std::size_t>> anchors_;
  Node root_;
  bool have_root_ = false;
  std::size_t alias_nodes_ = 0;
};

}  // namespace

Parsed parse_yaml(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

}  // namespace parapet
