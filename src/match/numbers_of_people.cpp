#include "match/numbers_of_people.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.h"

namespace parapet {
namespace {

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

constexpr std::string_view card_words = "card|visa|amex|mastercard|credit|kreditkarte|pan,|,pan";
constexpr NumberOfPeople numbers[] = {
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

}  // namespace

std::span<const NumberOfPeople> numbers_of_people() { return numbers; }

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
  bool joins = rest[0] == '.' || rest[0] == '-' || rest[0] == separator;
  bool goes_on = joins && rest.size() > 1 && is_digit(rest[1]);
  return !is_word(rest[0]) && !goes_on;
}

}  // namespace parapet
