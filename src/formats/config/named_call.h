#pragma once
// A function or class that a model's description names and its loader imports and calls: judged by
// the policy of pickles, since a name does the same however it got there.
#include <string>
#include <string_view>

#include "model/document.h"
#include "model/sink.h"

namespace parapet::config {

// The fact `call`: `via` hydra, skops, peft …; `how` is the key or node that named it. Its `args`
// and `kw.NAME` are the scalars of `arguments`, when that is a map.
void add_call(Sink& sink, std::string_view dotted, std::string_view via, std::string_view how,
              const Place& place, const Node* arguments);

}  // namespace parapet::config
