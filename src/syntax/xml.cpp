// The one file that knows pugixml. https://www.w3.org/TR/xml/
#include "syntax/xml.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"

namespace parapet {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const KeepGoing& keep_going)
      : text_(text), lines_(text), keep_going_(keep_going) {}

  Parsed run() {
    // The parser needs no recursion and about ten bytes of memory for each of the text.
    pugi::xml_document document;
    pugi::xml_parse_result result =
        document.load_buffer(text_.data(), text_.size(), pugi::parse_default | pugi::parse_doctype);
    Node root = node(0);
    root.type = Node::Type::map;
    for (pugi::xml_node child : document.children()) add(root, child, 1);
    if (!root.items.empty()) out_.documents.push_back({"xml", std::move(root)});
    if (!result) {
      Node at = node(result.offset);
      out_.fail(lower(result.description()), at.place());
    }
    return std::move(out_);
  }

 private:
  Node node(std::ptrdiff_t offset) const {
    Node n;
    n.type = Node::Type::scalar;
    n.offset =
        offset < 0 ? 0 : std::min(static_cast<std::uint64_t>(offset), std::uint64_t{text_.size()});
    LineColumn at = lines_.at(n.offset);
    n.line = at.line;
    n.column = at.column;
    return n;
  }

  void put(Node& parent, std::string name, Node value) {
    Node key = value;
    key.items.clear(), key.keys.clear();
    key.type = Node::Type::scalar;
    key.text = std::move(name);
    parent.keys.push_back(std::move(key));
    parent.items.push_back(std::move(value));
  }

  void put_text(Node& parent, std::string name, std::ptrdiff_t offset, std::string_view value) {
    Node n = node(offset);
    n.text = std::string(value);
    put(parent, std::move(name), std::move(n));
  }

  void add(Node& parent, const pugi::xml_node& x, unsigned depth) {
    if (!out_.ok()) return;
    if (keep_going_ && !keep_going_()) return out_.fail("stopped at a limit", parent.place());
    if (x.type() == pugi::node_doctype)
      return put_text(parent, "#doctype", x.offset_debug(), x.value());
    if (x.type() == pugi::node_pcdata || x.type() == pugi::node_cdata)
      return put_text(parent, "#text", x.offset_debug(), x.value());
    if (x.type() != pugi::node_element) return;
    Node n = node(x.offset_debug());
    n.type = Node::Type::map;
    if (depth >= max_tree_depth)
      return out_.fail("nested deeper than " + std::to_string(max_tree_depth), n.place());
    for (pugi::xml_attribute a : x.attributes())
      put_text(n, std::string("@") + a.name(), x.offset_debug(), a.value());
    for (pugi::xml_node child : x.children()) add(n, child, depth + 1);
    put(parent, x.name(), std::move(n));
  }

  std::string_view text_;
  LineIndex lines_;
  const KeepGoing& keep_going_;
  Parsed out_;
};

// A word, or a text in quotes.
std::string_view token(std::string_view s, std::size_t& at) {
  while (at < s.size() && is_space(s[at])) ++at;
  if (at >= s.size()) return {};
  if (s[at] == '"' || s[at] == '\'') {
    std::size_t end = std::min(s.find(s[at], at + 1), s.size());
    std::string_view t = s.substr(at + 1, end - at - 1);
    at = std::min(end + 1, s.size());
    return t;
  }
  std::size_t from = at;
  while (at < s.size() && !is_space(s[at]) && s[at] != '>' && s[at] != '[') ++at;
  if (at == from) ++at;
  return s.substr(from, at - from);
}

// SYSTEM "uri", or PUBLIC "id" "uri".
std::string_view external_id(std::string_view s, std::size_t& at) {
  std::size_t before = at;
  std::string_view word = token(s, at);
  if (word == "PUBLIC") token(s, at);
  if (word == "PUBLIC" || word == "SYSTEM") return token(s, at);
  at = before;
  return {};
}

}  // namespace

Parsed parse_xml(std::string_view text, const KeepGoing& keep_going) {
  return Reader(text, keep_going).run();
}

std::vector<XmlEntity> xml_entities(std::string_view doctype) {
  constexpr std::size_t most = 100;
  std::vector<XmlEntity> out;
  std::size_t at = 0;
  token(doctype, at);  // the document element's name
  std::string_view subset = external_id(doctype, at);
  if (!subset.empty()) out.push_back({"", std::string(subset), 0, at, false});
  for (at = doctype.find("<!ENTITY"); at != std::string_view::npos && out.size() < most;
       at = doctype.find("<!ENTITY", at)) {
    XmlEntity e;
    e.offset = at;
    at += 8;
    std::string_view name = token(doctype, at);
    if (name == "%") name = token(doctype, at);
    e.name = std::string(name);
    std::string_view target = external_id(doctype, at);
    e.target = std::string(target);
    if (target.empty()) {
      std::string_view value = token(doctype, at);
      std::size_t mark = value.find('&');
      e.nested = mark != std::string_view::npos &&
                 value.find(';', mark) != std::string_view::npos &&
                 value.substr(mark + 1, 1) != "#";
    }
    e.length = at - e.offset;
    out.push_back(std::move(e));
  }
  return out;
}

bool is_xml_with(std::string_view text, std::string_view element) {
  // UTF-16 has a NUL beside each letter, and a mark or blanks may stand in front.
  std::size_t start = text.substr(0, 130).find('<');
  if (start == std::string_view::npos) return false;
  bool wide = (start > 0 && text[start - 1] == '\0') || text.substr(start + 1, 1).starts_with('\0');
  if (start > (wide ? 129U : 64U)) return false;
  auto narrow = [](std::string_view s) {
    std::string out;
    for (char c : s)
      if (c != '\0') out += c;
    return out;
  };
  std::string_view head = text.substr(0, 4096);
  // A long comment may stand in front: then the closing tag at the end tells.
  std::string_view tail = text.substr(text.size() - std::min<std::size_t>(text.size(), 16384));
  std::string narrow_head;
  std::string narrow_tail;
  if (wide) {
    head = narrow_head = narrow(head);
    tail = narrow_tail = narrow(tail);
  }
  for (const std::string_view* part : {&head, &tail})
    for (std::size_t i = part->find(element); i != std::string::npos;
         i = part->find(element, i + 1)) {
      std::size_t end = i + element.size();
      bool opens =
          i > 0 && ((*part)[i - 1] == '<' || (*part)[i - 1] == ':' || (*part)[i - 1] == '/');
      bool closes = end < part->size() &&
                    (is_space((*part)[end]) || (*part)[end] == '>' || (*part)[end] == '/');
      if (opens && closes) return true;
    }
  return false;
}

}  // namespace parapet
