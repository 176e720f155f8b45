#pragma once
// Numbers that belong to people, and how to tell them from other digits: ISO/IEC 7812 (payment
// cards), ISO 13616 (IBAN), and the check digits or ranges of national numbers.
#include <cstddef>
#include <span>
#include <string_view>

namespace parapet {

// In a shape: d a digit, A a capital letter, s a space or a hyphen; others stand for themselves.
struct NumberOfPeople {
  std::string_view what, shape, says;
  bool (*holds)(std::string_view);  // asked of text that fits the shape
  std::string_view words;           // one of them ("a|b") must stand in the text; empty: no need
};
std::span<const NumberOfPeople> numbers_of_people();

// Does the front of `s` have the shape, and is it no part of a longer number?
bool fits(std::string_view shape, std::string_view s);

// The length of an IBAN at the front of `s`, with its spaces; 0: there is none.
std::size_t iban_length(std::string_view s);

}  // namespace parapet
