#pragma once
#include <string_view>

#include "syntax/parsed.h"

namespace parapet {

// Dockerfile (docs.docker.com/reference/dockerfile). The root is a list of maps, one an
// instruction:
//   instruction  upper case
//   flags        map, as {mount: "type=secret,id=x"}; absent when there are none
//   args         a list (JSON exec form) or a scalar. The scalar's text is as long as what the file
//                holds: continuations and comment lines between are blanks, so that offset
//                `args.offset + i` is character i of it.
//   heredocs     list of scalars: the bodies, where there are any
Parsed parse_dockerfile(std::string_view text, const KeepGoing& keep_going = {});

}  // namespace parapet
