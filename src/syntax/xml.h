#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "syntax/parsed.h"

namespace parapet {

// XML as pugixml reads it: no DTD is applied, no entity of a document's own is expanded, nothing is
// fetched. The root is a map that holds the document element under its name and, where there is
// one, the text of the document type under "#doctype". An element is a map: its attributes as
// "@name", its text as "#text", its child elements under their names, in the file's order. Names
// may stand several times. Encodings other than UTF-8 are converted; places are then only near.
Parsed parse_xml(std::string_view text, const KeepGoing& keep_going = {});

// What a document type asks its reader to fetch or to build.
struct XmlEntity {
  std::string name;                    // empty: the external subset of the document type itself
  std::string target;                  // of an external one; empty: declared here
  std::size_t offset = 0, length = 0;  // in `doctype`
  bool nested = false;                 // its text names other entities: the unit of an entity bomb
};
std::vector<XmlEntity> xml_entities(std::string_view doctype);

// Is this XML with a tag of this name, with or without a prefix, near its start or end? UTF-8 or
// UTF-16.
bool is_xml_with(std::string_view text, std::string_view element);

}  // namespace parapet
