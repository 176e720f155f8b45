#include "match/personal_data.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "match/credentials.h"
#include "match/numbers_of_people.h"

namespace parapet {
namespace {

constexpr std::size_t longest = 64U << 20U;     // bytes looked at
constexpr std::size_t header_up_to = 16'384;    // bytes of a table's first line
constexpr std::size_t words_up_to = 1U << 20U;  // bytes in which a number's name is looked for
constexpr std::size_t most_values = 100'000;    // distinct values that are told apart

// Column names that say what they hold, lower case without "_", "-" and spaces.
constexpr std::string_view telling_columns[] = {"ssn",
                                                "socialsecuritynumber",
                                                "email",
                                                "emailaddress",
                                                "phonenumber",
                                                "phone",
                                                "mobile",
                                                "dateofbirth",
                                                "dob",
                                                "birthdate",
                                                "iban",
                                                "creditcard",
                                                "cardnumber",
                                                "ccnumber",
                                                "passport",
                                                "passportnumber",
                                                "firstname",
                                                "lastname",
                                                "surname",
                                                "fullname",
                                                "homeaddress",
                                                "streetaddress",
                                                "patientid",
                                                "patientname",
                                                "diagnosis",
                                                "medicalrecordnumber",
                                                "mrn",
                                                "salary",
                                                "ethnicity",
                                                "religion",
                                                "nationalid",
                                                "driverlicense",
                                                "ipaddress",
                                                "aadhaar",
                                                "nationalinsurance"};

bool is_table(std::string_view name) {
  std::string e = extension(name);
  return e == "csv" || e == "tsv" || e == "psv" || e == "jsonl" || e == "ndjson";
}

class Search {
 public:
  explicit Search(std::string_view text) : text_(text) {}

  struct Seen {
    std::set<std::string, std::less<>> values;
    std::size_t offset = 0, length = 0;
    std::string says;
  };
  std::map<std::string_view, Seen> seen;  // by `what`

  void run(bool is_output) {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      char c = text_[i];
      char before = i > 0 ? text_[i - 1] : '\n';
      bool starts = !is_word(before) && before != '.' && before != '-' && before != '$';
      if (is_digit(c) || (c >= 'A' && c <= 'Z')) {
        if (starts) i = number_at(i);
      } else if (c == '@') {
        mail_at(i);
      } else if (c == '+' && starts) {
        phone_at(i);
      } else if (is_output && (c == '/' || c == '\\') && !is_word(before)) {
        home_at(i);
      } else if (is_output && c == '\\' && before == ':') {
        home_at(i);
      }
    }
  }

 private:
  void add(std::string_view what, std::string_view says, std::size_t i, std::size_t length) {
    Seen& s = seen[what];
    if (s.values.empty()) s.offset = i, s.length = length, s.says = std::string(says);
    if (s.values.size() < most_values) s.values.emplace(text_.substr(i, length));
  }

  bool mentions(std::string_view words) {
    if (words.empty()) return true;
    auto [known, fresh] = mentioned_.try_emplace(words, false);
    if (fresh) {
      if (lowered_.empty()) lowered_ = lower(text_.substr(0, words_up_to));
      for (std::string_view w : split(words, '|'))
        known->second = known->second || contains(lowered_, w);
    }
    return known->second;
  }

  // Returns the last byte that was understood.
  std::size_t number_at(std::size_t i) {
    std::string_view rest = text_.substr(i, 64);
    for (const NumberOfPeople& n : numbers_of_people()) {
      if (!fits(n.shape, rest) || !n.holds(rest.substr(0, n.shape.size())) || !mentions(n.words))
        continue;
      add(n.what, n.says, i, n.shape.size());
      return i + n.shape.size() - 1;
    }
    if (rest[0] < 'A') {
      // The rest of a long run of digits begins nothing.
      while (i + 1 < text_.size() && is_digit(text_[i + 1])) ++i;
      return i;
    }
    std::size_t length = rest.size() > 15 && is_digit(rest[2]) ? iban_length(rest) : 0;
    if (length == 0) return i;
    add("iban", "bank account numbers (IBAN)", i, length);
    return i + length - 1;
  }

  void mail_at(std::size_t sign) {
    auto part = [](char c) { return is_word(c) || c == '.' || c == '-' || c == '+' || c == '%'; };
    std::size_t begin = sign;
    while (begin > 0 && sign - begin < 64 && part(text_[begin - 1])) --begin;
    std::size_t end = sign + 1;
    while (end < text_.size() && end - sign < 128 &&
           (is_word(text_[end]) || text_[end] == '.' || text_[end] == '-'))
      ++end;
    while (end > sign && (text_[end - 1] == '.' || text_[end - 1] == '-')) --end;
    std::string domain = lower(text_.substr(sign + 1, end - sign - 1));
    auto dot = domain.rfind('.');
    if (begin == sign || dot == std::string::npos || dot == 0) return;
    std::string_view top = std::string_view(domain).substr(dot + 1);
    bool letters = top.size() >= 2 && std::all_of(top.begin(), top.end(), is_alpha);
    // Names of files ("icon@2x.png") and addresses that are nobody's (RFC 2606, of robots).
    for (std::string_view none : {"png", "jpg", "jpeg", "gif", "svg", "py", "js", "test", "local",
                                  "example", "invalid", "internal"})
      letters = letters && top != none;
    bool nobody = domain.starts_with("example.") || contains(domain, "noreply") ||
                  contains(domain, "sentry") || domain.ends_with("gserviceaccount.com");
    std::string user = lower(text_.substr(begin, sign - begin));
    for (std::string_view robot : {"noreply", "no-reply", "git", "user", "test", "root"})
      nobody = nobody || user == robot;
    if (letters && !nobody) add("e-mail", "addresses of mail", begin, end - begin);
  }

  // E.164 after a plus: 10 to 15 digits with spaces, hyphens or brackets between.
  void phone_at(std::size_t i) {
    std::size_t digits = 0;
    std::size_t end = i + 1;
    for (; end < text_.size() && end - i < 24; ++end) {
      char c = text_[end];
      if (is_digit(c))
        ++digits;
      else if (c != ' ' && c != '-' && c != '(' && c != ')')
        break;
      else if (end + 1 < text_.size() && !is_digit(text_[end + 1]) && text_[end + 1] != '(' &&
               text_[end + 1] != ' ')
        break;
    }
    bool separated = digits + 1 < end - i;
    if (digits < 10 || digits > 15 || !separated || text_.substr(i + 1, 1) == "0") return;
    if (contains(text_.substr(i, end - i), "555")) return;
    add("phone", "telephone numbers", i, end - i);
  }

  // /home/NAME/, /Users/NAME/, C:\Users\NAME\.
  void home_at(std::size_t i) {
    std::size_t name = 0;
    for (std::string_view root : {"/home/", "/Users/", "\\Users\\", "\\\\Users\\\\"})
      if (text_.substr(i).starts_with(root)) name = i + root.size();
    if (name == 0) return;
    std::size_t end = name;
    while (end < text_.size() && end - name < 40 &&
           (is_word(text_[end]) || text_[end] == '-' || text_[end] == '.'))
      ++end;
    std::string user = lower(text_.substr(name, end - name));
    if (user.empty() || end >= text_.size() || (text_[end] != '/' && text_[end] != '\\')) return;
    for (std::string_view nobody : {"user",
                                    "username",
                                    "jovyan",
                                    "root",
                                    "ubuntu",
                                    "runner",
                                    "app",
                                    "appuser",
                                    "work",
                                    "docker",
                                    "vscode",
                                    "codespace",
                                    "coder",
                                    "me",
                                    "you",
                                    "name",
                                    "public",
                                    "shared",
                                    "ec2-user",
                                    "azureuser",
                                    "sagemaker-user",
                                    "studio-lab-user",
                                    "travis",
                                    "circleci",
                                    "jenkins",
                                    "conda",
                                    "node",
                                    "airflow",
                                    "spark",
                                    "ray",
                                    "test",
                                    "anaconda",
                                    "linuxbrew"})
      if (user == nobody) return;
    add("home-path", "home folders that name their users", i, end - i);
  }

  std::string_view text_;
  std::string lowered_;
  std::map<std::string_view, bool> mentioned_;
};

// Names in the head of a table, or the keys of its first object.
std::vector<std::string> columns_of(std::string_view text) {
  std::string_view first = text.substr(0, std::min(text.find('\n'), header_up_to));
  std::vector<std::string> out;
  std::string word;
  for (std::size_t i = 0; i <= first.size(); ++i) {
    char c = i < first.size() ? first[i] : ',';
    if (is_word(c) && c != '_') {
      word += lower(c);
    } else if (c == '_' || c == '-' || c == ' ') {
      continue;
    } else {
      bool telling = std::find(std::begin(telling_columns), std::end(telling_columns), word) !=
                     std::end(telling_columns);
      bool key = !text.starts_with('{') || c == '"';
      if (telling && key && std::find(out.begin(), out.end(), word) == out.end())
        out.push_back(word);
      word.clear();
    }
  }
  return out;
}

std::string masked(std::string_view value) {
  std::string out;
  std::size_t shown = value.size() > 12 ? 4 : 2;
  for (std::size_t i = 0; i < value.size(); ++i) {
    bool show = i < shown || i + 2 >= value.size() || !is_word(value[i]);
    out += show ? value[i] : '*';
  }
  return printable(out, 60);
}

// How many make it more than chance, or than an author's address.
std::size_t least(std::string_view what, bool is_output) {
  if (what == "e-mail") return is_output ? 3 : 10;
  if (what == "phone") return is_output ? 3 : 10;
  return 1;
}

}  // namespace

void add_personal_data_facts(const Artifact& artifact, Sink& sink) {
  bool table = is_table(artifact.name);
  bool output = where_of(artifact.name, sink.kinds()) == Where::output;
  if (!table && !output) return;
  std::string_view text = as_text(artifact.bytes);
  if (text.size() > longest) {
    sink.partly("personal data was looked for in its first 64 MiB");
    text = text.substr(0, longest);
  }
  std::string_view where = output ? "output" : "data";
  Search search(text);
  search.run(output);
  for (const auto& [what, s] : search.seen) {
    if (s.values.size() < least(what, output)) continue;
    std::string count = std::to_string(s.values.size());
    std::string first = masked(text.substr(s.offset, s.length));
    Fact f{
        "personal-data", {}, {s.offset, s.length}, count + " " + s.says + ", the first " + first};
    f.set("what", what).set("count", count).set("where", where).set("sample", first);
    sink.add(std::move(f));
  }
  if (!table) return;
  std::vector<std::string> columns = columns_of(text);
  if (columns.size() < 2) return;
  Fact f{"personal-data", {}, {0, 0}, "columns about people: " + join(columns, ", ")};
  f.set("what", "columns").set("count", std::to_string(columns.size())).set("where", where);
  for (const std::string& c : columns) f.set("column", c);
  sink.add(std::move(f));
}

}  // namespace parapet
