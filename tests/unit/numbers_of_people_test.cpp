// Check digits and ranges of the numbers that belong to people.
#include "match/numbers_of_people.h"

#include <doctest/doctest.h>

#include <string>

using namespace parapet;

namespace {

// The kind of the first number that a text is, whatever words it asks for; "" when none.
std::string kind_of(std::string_view text) {
  for (const NumberOfPeople& n : numbers_of_people())
    if (fits(n.shape, text) && n.holds(text.substr(0, n.shape.size()))) return std::string(n.what);
  return {};
}

}  // namespace

TEST_CASE("numbers with the right check digits are told, their neighbours are not") {
  CHECK(kind_of("4539 1488 0343 6467") == "payment-card");
  CHECK(kind_of("4539 1488 0343 6468").empty());
  CHECK(kind_of("4539 1488-0343 6467").empty());  // separators do not agree
  CHECK(kind_of("3714 496353 98431").empty());    // published for tests
  CHECK(kind_of("2341 2341 2346") == "in-aadhaar");
  CHECK(kind_of("2341 2341 2345").empty());
  CHECK(kind_of("12345678Z") == "es-dni");
  CHECK(kind_of("12345678A").empty());
  CHECK(kind_of("86095742719") == "de-tax-id");
  CHECK(kind_of("86095742718").empty());
  CHECK(kind_of("529.982.247-25") == "br-cpf");
  CHECK(kind_of("529.982.247-26").empty());
  CHECK(kind_of("536-22-8726") == "us-ssn");
  CHECK(kind_of("666-22-8726").empty());
  CHECK(kind_of("AB 12 34 56 C") == "uk-nino");
  CHECK(kind_of("QQ 12 34 56 C").empty());
}

TEST_CASE("a part of a longer number is none") {
  CHECK(kind_of("4539148803436467.5").empty());
  CHECK(kind_of("45391488034364671").empty());
  CHECK(kind_of("536-22-8726-1").empty());
}

TEST_CASE("IBANs, with and without spaces") {
  CHECK(iban_length("DE44500105175407324931 ") == 22);
  CHECK(iban_length("GB82 WEST 1234 5698 7654 32") == 27);
  CHECK(iban_length("GB82 WEST 1234 5698 7654 33") == 0);
  CHECK(iban_length("DE4450010517540732493") == 0);
  CHECK(iban_length("XX44500105175407324931") == 0);
}
