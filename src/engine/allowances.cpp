#include "engine/allowances.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "io/mapped_file.h"
#include "syntax/yaml.h"

namespace parapet {
namespace {

constexpr std::string_view mark = "parapet: allow ";
constexpr std::string_view in_comment = "comment", in_file = "file", in_baseline = "baseline";

bool is_day(std::string_view s) {
  constexpr std::string_view form = "0000-00-00";
  return s.size() == form.size() &&
         std::equal(s.begin(), s.end(), form.begin(),
                    [](char c, char f) { return f == '0' ? is_digit(c) : c == f; });
}

// What ends a comment, and is not part of the reason.
std::string_view without_comment_end(std::string_view s) {
  s = trim(s);
  for (std::string_view end : {"-->", "*/", "\\n\",", "\\n\"", "#}", "%}"})
    if (s.ends_with(end)) s = trim(s.substr(0, s.size() - end.size()));
  return s;
}

// "reason until 2027-01-31" -> both; a reason may hold the word "until" elsewhere.
void take_reason(std::string_view rest, Allowance& a) {
  constexpr std::string_view until = "until ";
  rest = without_comment_end(rest);
  auto at = rest.rfind(until);
  bool whole_word = at == 0 || (at != std::string_view::npos && is_space(rest[at - 1]));
  if (whole_word && is_day(trim(rest.substr(at + until.size())))) {
    a.until = trim(rest.substr(at + until.size()));
    rest = trim(rest.substr(0, at));
  }
  a.reason = printable(rest, 300);
}

Result<Allowance> read_one(const Node& n, const std::string& file) {
  auto at = [&](const Node& node) { return file + ", line " + std::to_string(node.line); };
  if (!n.is_map())
    return Fail(Error{at(n), "an allowance is a map: rule, path, id, reason, until"});
  Allowance a;
  a.place = at(n);
  for (std::size_t i = 0; i < n.keys.size(); ++i) {
    const std::string& key = n.keys[i].text;
    const Node& value = n.items[i];
    if (key == "rule" || key == "rules") {
      if (value.is_scalar()) a.rules.push_back(value.text);
      for (const Node& r : value.items) a.rules.push_back(r.text);
    } else if (key == "path" || key == "id" || key == "reason" || key == "until") {
      std::string& field = key == "path"     ? a.path
                           : key == "id"     ? a.id
                           : key == "reason" ? a.reason
                                             : a.until;
      field = value.text;
    } else if (key != "by") {
      return Fail(Error{at(n.keys[i]), "no field is called '" + printable(key) +
                                           "': rule, rules, path, id, reason, until, by"});
    }
  }
  if (a.rules.empty() && a.id.empty())
    return Fail(Error{a.place, "say what is accepted: rule, or the id of a finding"});
  if (trim(a.reason).empty()) return Fail(Error{a.place, "an allowance needs a reason"});
  if (!a.until.empty() && !is_day(a.until))
    return Fail(Error{a.place, "until is a day as 2027-01-31, not '" + printable(a.until) + "'"});
  return a;
}

bool over(const Allowance& a, std::string_view today) {
  return !a.until.empty() && a.until < today;
}

bool fits(const Allowance& a, std::string_view inside, const Finding& f) {
  return (a.rules.empty() || names_rule(a, f.rule)) && (a.id.empty() || a.id == f.id) &&
         (a.path.empty() || glob_matches(a.path, inside));
}

}  // namespace

Result<std::vector<Allowance>> read_allowances(const std::string& file) {
  OpenFile opened = TRY(open_file(file));
  Parsed parsed = parse_yaml(as_text(opened.bytes));
  if (!parsed.ok())
    return Fail(Error{file + ", line " + std::to_string(parsed.problem_at.line), parsed.problem});
  const Node* list = parsed.documents.size() == 1 ? parsed.documents[0].root.at("allow") : nullptr;
  if (list == nullptr || !list->is_list())
    return Fail(Error{"read " + file, "holds no list 'allow:' (parapet scan --help)"});
  std::vector<Allowance> out;
  for (const Node& n : list->items) out.push_back(TRY(read_one(n, file)));
  return out;
}

Result<std::set<std::string, std::less<>>> read_baseline(const std::string& file) {
  OpenFile opened = TRY(open_file(file));
  Parsed report = parse_yaml(as_text(opened.bytes));  // JSON is YAML
  const Node* findings = report.ok() && report.documents.size() == 1
                             ? report.documents[0].root.at("findings")
                             : nullptr;
  if (findings == nullptr || !findings->is_list())
    return Fail(Error{"read baseline " + file, "is not a JSON report of parapet"});
  std::set<std::string, std::less<>> ids;
  for (const Node& f : findings->items) {
    ids.emplace(f.text_at("place_id").empty() ? f.text_at("id") : f.text_at("place_id"));
    if (const Node* related = f.at("related"); related != nullptr)
      for (const Node& r : related->items) ids.emplace(r.text_at("id"));
  }
  ids.erase("");
  return ids;
}

std::optional<Allowance> allowance_in(std::string_view line) {
  auto at = line.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  auto rest = trim(line.substr(at + mark.size()));
  auto words = split_once(rest, " ");
  Allowance a;
  for (std::string_view rule : split(without_comment_end(words.before), ','))
    if (!rule.empty()) a.rules.emplace_back(rule);
  take_reason(words.after, a);
  return a;
}

bool names_rule(const Allowance& a, std::string_view rule) {
  return std::any_of(a.rules.begin(), a.rules.end(), [&](const std::string& name) {
    return name == rule || name == rule.substr(rule.find('/') + 1) || glob_matches(name, rule);
  });
}

void accept(const Accepted& accepted, std::string_view inside,
            const std::optional<Allowance>& comment, Finding& f, std::set<std::string>& notes) {
  std::string here = printable(f.artifact) + ":" + std::to_string(f.place.line);
  if (comment && names_rule(*comment, f.rule)) {
    if (comment->reason.empty())
      notes.insert("The allowance at " + here + " gives no reason, so it does not hold.");
    else if (over(*comment, accepted.today))
      notes.insert("The allowance at " + here + " ended on " + comment->until + ".");
    else
      f.suppression = {std::string(in_comment), comment->reason, comment->until, here};
  }
  for (const Allowance& a : accepted.listed) {
    if (!f.suppression.by.empty()) return;
    if (!fits(a, inside, f)) continue;
    if (over(a, accepted.today))
      notes.insert("The allowance in " + a.place + " ended on " + a.until + ".");
    else
      f.suppression = {std::string(in_file), a.reason, a.until, a.place};
  }
  if (f.suppression.by.empty() && accepted.known.contains(f.id))
    f.suppression = {std::string(in_baseline), "reported before", "", ""};
}

std::vector<std::string> unused(const Accepted& accepted, const std::vector<Finding>& suppressed) {
  std::set<std::string_view> places;
  for (const Finding& f : suppressed) places.insert(f.suppression.place);
  std::vector<std::string> out;
  for (const Allowance& a : accepted.listed)
    if (!places.contains(a.place) && !over(a, accepted.today))
      out.push_back("The allowance in " + a.place + " accepts nothing that was found.");
  return out;
}

}  // namespace parapet
