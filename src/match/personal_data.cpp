#include "match/personal_data.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "match/credentials.h"

namespace parapet {
namespace {

constexpr std::size_t longest = 64U << 20U;     // bytes looked at
constexpr std::size_t header_up_to = 16'384;    // bytes of a table's first line
constexpr std::size_t words_up_to = 1U << 20U;  // bytes in which a number's name is looked for
constexpr std::size_t most_values = 100'000;    // distinct values that are told apart

std::string digits_of(std::string_view s) {
  std::string out;
  std::copy_if(s.begin(), s.end(), std::back_inserter(out), is_digit);
  return out;
}
unsigned at(std::string_view digits, std::size_t i) {
  return static_cast<unsigned>(digits[i] - '0');
}
unsigned number(std::string_view digits) {
  unsigned v = 0;
  for (char c : digits) v = v * 10 + static_cast<unsigned>(c - '0');
  return v;
}

// ISO/IEC 7812-1, annex B.
bool luhn(std::string_view digits) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    unsigned d = at(digits, digits.size() - 1 - i);
    if (i % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

bool is_card(std::string_view s) {
  std::string d = digits_of(s);
  if (d.size() < 13) return false;
  // Numbers that payment services publish for tests.
  for (std::string_view known :
       {"4111111111111111", "4242424242424242", "4000056655665556", "5555555555554444",
        "5105105105105100", "378282246310005", "371449635398431", "6011111111111117",
        "6011000990139424", "3530111333300000", "4012888888881881", "4000000000000002"})
    if (d == known) return false;
  unsigned two = number(d.substr(0, 2));
  unsigned four = number(d.substr(0, 4));
  bool visa = d[0] == '4' && (d.size() == 13 || d.size() == 16 || d.size() == 19);
  bool mastercard = d.size() == 16 && ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720));
  bool amex = d.size() == 15 && (two == 34 || two == 37);
  bool other = d.size() == 16 && (four == 6011 || two == 65 || (four >= 3528 && four <= 3589));
  bool varied = std::set<char>(d.begin(), d.end()).size() > 3;
  return (visa || mastercard || amex || other) && varied && luhn(d);
}

// Ranges that the Social Security Administration gives out; without its famous examples.
bool is_ssn(std::string_view s) {
  unsigned area = number(s.substr(0, 3));
  return area != 0 && area != 666 && area < 900 && s.substr(4, 2) != "00" &&
         s.substr(7) != "0000" && s != "078-05-1120" && s != "219-09-9999" && s != "123-45-6789";
}

// Two check digits, each of the weighted sum modulo 11.
bool is_cpf(std::string_view s) {
  std::string d = digits_of(s);
  if (d.size() != 11 || std::set<char>(d.begin(), d.end()).size() == 1) return false;
  for (std::size_t n = 9; n < 11; ++n) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += at(d, i) * static_cast<unsigned>(n + 1 - i);
    if (sum * 10 % 11 % 10 != at(d, n)) return false;
  }
  return true;
}

// Verhoeff's check over the dihedral group D5.
bool is_aadhaar(std::string_view s) {
  static constexpr std::array<std::string_view, 10> product{
      "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
      "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"};
  static constexpr std::array<std::string_view, 8> permuted{
      "0123456789", "1576283094", "5803796142", "8916043527",
      "9453126870", "4286573901", "2793806415", "7046913258"};
  std::string d = digits_of(s);
  if (d.size() != 12 || d[0] < '2') return false;
  unsigned c = 0;
  for (std::size_t i = 0; i < d.size(); ++i)
    c = at(product[c], at(permuted[i % 8], at(d, d.size() - 1 - i)));
  return c == 0;
}

bool is_dni(std::string_view s) {
  return "TRWAGMYFPDXBNJZSQVHLCKE"[number(s.substr(0, 8)) % 23] == s[8];
}

// ISO 7064 MOD 11,10.
bool is_german_tax_id(std::string_view s) {
  std::string d = digits_of(s);
  if (d.size() != 11 || d[0] == '0') return false;
  unsigned p = 10;
  for (std::size_t i = 0; i < 10; ++i) {
    unsigned sum = (at(d, i) + p) % 10;
    p = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return (11 - p) % 10 == at(d, 10);
}

bool is_nino(std::string_view s) {
  return std::string_view("DFIQUV").find(s[0]) == std::string_view::npos &&
         std::string_view("DFIQUVO").find(s[1]) == std::string_view::npos &&
         std::string_view("ABCD").find(s.back()) != std::string_view::npos;
}

// In a shape: d a digit, A a capital letter, s a space or a hyphen; others stand for themselves.
struct Number {
  std::string_view what, shape, says;
  bool (*holds)(std::string_view);
  std::string_view words;  // one of them must stand in the text; empty: the check is enough
};
constexpr std::string_view card_words = "card|visa|amex|mastercard|credit|kreditkarte|pan,|,pan";
constexpr Number numbers[] = {
    {"payment-card", "ddddsddddsddddsdddd", "payment card numbers", is_card, ""},
    {"payment-card", "ddddsddddddsddddd", "payment card numbers", is_card, ""},
    {"payment-card", "dddddddddddddddd", "payment card numbers", is_card, card_words},
    {"payment-card", "ddddddddddddddd", "payment card numbers", is_card, card_words},
    {"us-ssn", "ddd-dd-dddd", "US social security numbers", is_ssn, "ssn|social"},
    {"br-cpf", "ddd.ddd.ddd-dd", "Brazilian CPF numbers", is_cpf, ""},
    {"in-aadhaar", "ddddsddddsdddd", "Aadhaar numbers", is_aadhaar, "aadhaar|aadhar|uidai"},
    {"in-aadhaar", "dddddddddddd", "Aadhaar numbers", is_aadhaar, "aadhaar|aadhar|uidai"},
    {"es-dni", "ddddddddA", "Spanish DNI numbers", is_dni, "dni|nif"},
    {"de-tax-id", "ddddddddddd", "German tax numbers", is_german_tax_id, "steuer|idnr"},
    {"uk-nino", "AAddddddA", "UK national insurance numbers", is_nino, "nino|insurance"},
    {"uk-nino", "AA dd dd dd A", "UK national insurance numbers", is_nino, "nino|insurance"},
};

// ISO 13616: country and length. Of countries that most mail is from; others are not told.
constexpr std::string_view iban_lengths =
    "AD24AE23AT20BE16BG22CH21CY28CZ24DE22DK18EE20ES24FI18FR27GB22GR27HR21HU28IE22IL23IS26IT27"
    "LI21LT20LU20LV21MC27MT31NL18NO15PL28PT25RO24RS22SA24SE24SI19SK24SM27TR26UA29";

// The length of an IBAN at the front of `s`, with its spaces; 0: there is none.
std::size_t iban_length(std::string_view s) {
  std::size_t country = std::string_view::npos;
  for (std::size_t i = 0; i + 4 <= iban_lengths.size(); i += 4)
    if (iban_lengths.substr(i, 2) == s.substr(0, 2)) country = i;
  if (country == std::string_view::npos) return 0;
  std::size_t wanted = number(iban_lengths.substr(country + 2, 2));
  std::string compact;
  std::size_t i = 0;
  for (; i < s.size() && compact.size() < wanted; ++i) {
    bool part = is_digit(s[i]) || (s[i] >= 'A' && s[i] <= 'Z');
    if (!part && !(s[i] == ' ' && compact.size() % 4 == 0)) return 0;
    if (part) compact += s[i];
  }
  if (compact.size() != wanted || (i < s.size() && is_word(s[i]))) return 0;
  unsigned rest = 0;
  for (char c : compact.substr(4) + compact.substr(0, 4))
    rest = is_digit(c) ? (rest * 10 + static_cast<unsigned>(c - '0')) % 97
                       : (rest * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
  return rest == 1 ? i : 0;
}

bool fits(std::string_view shape, std::string_view s) {
  if (s.size() < shape.size()) return false;
  char separator = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    char c = s[i];
    switch (shape[i]) {
      case 'd':
        if (!is_digit(c)) return false;
        break;
      case 'A':
        if (c < 'A' || c > 'Z') return false;
        break;
      case 's':
        if ((c != ' ' && c != '-') || (separator != 0 && c != separator)) return false;
        separator = c;
        break;
      default:
        if (c != shape[i]) return false;
    }
  }
  // Not a part of a longer number, as 0.4111111111111111 or a version.
  std::string_view rest = s.substr(shape.size());
  if (rest.empty()) return true;
  bool goes_on = (rest[0] == '.' || rest[0] == '-') && rest.size() > 1 && is_digit(rest[1]);
  return !is_word(rest[0]) && !goes_on;
}

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
    for (const Number& n : numbers) {
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
