#pragma once
#include <string>

#include "base/bytes.h"

namespace parapet {

std::string sha256_hex(Bytes bytes);

}  // namespace parapet
