#pragma once
// Data about people in what a notebook printed and in tables: numbers that their check digits
// confirm (ISO/IEC 7812 cards, ISO 13616 IBANs, national numbers), addresses of mail, telephone
// numbers, names of columns; and home folders, which name who ran a notebook. One `personal-data`
// fact for each kind in an artifact. Nothing is quoted in full.
#include "model/artifact.h"
#include "model/sink.h"

namespace parapet {

void add_personal_data_facts(const Artifact&, Sink&);

}  // namespace parapet
