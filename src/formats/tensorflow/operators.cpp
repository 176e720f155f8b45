// Input positions and attributes as tensorflow/core/ops/*.cc registers them. Which operators can be
// abused: TensorFlow's SECURITY.md, `saved_model_cli scan` (ReadFile, WriteFile, PrintV2) and
// "My Model is Malware to You" (TensorAbuse, S&P 2025), https://github.com/ZJU-SEC/TensorAbuse
#include "formats/tensorflow/operators.h"

#include <algorithm>

namespace parapet::tensorflow {
namespace {

// Sorted by name.
constexpr Power powers[] = {
    {"BigQueryReader", "network"},
    {"CSVDataset", "reads-files", false, 0},
    {"CSVDatasetV2", "reads-files", false, 0},
    {"CreateSummaryDbWriter", "writes-files", false, 1},
    {"CreateSummaryFileWriter", "writes-files", false, 1},
    {"DataServiceDataset", "network", false, 2},
    {"DataServiceDatasetV2", "network", false, 2},
    {"DataServiceDatasetV3", "network", false, 2},
    {"DataServiceDatasetV4", "network", false, 2},
    {"DatasetToTFRecord", "writes-files", false, 1},
    {"DebugIdentity", "network", false, -1, "debug_urls"},
    {"DebugIdentityV2", "network", false, -1, "debug_urls"},
    {"DebugIdentityV3", "network", false, -1, "debug_urls"},
    {"DebugNanCount", "network", false, -1, "debug_urls"},
    {"DebugNumericSummary", "network", false, -1, "debug_urls"},
    {"DecodeProtoV2", "reads-files", true, -1, "descriptor_source"},
    {"DistributedSave", "network", false, 2},
    {"EagerPyFunc", "executes-code", false, -1, "token"},
    {"EncodeProto", "reads-files", true, -1, "descriptor_source"},
    {"ExperimentalCSVDataset", "reads-files", false, 0},
    {"ExperimentalDatasetToTFRecord", "writes-files", false, 1},
    {"ExperimentalLMDBDataset", "reads-files", false, 0},
    {"ExperimentalMatchingFilesDataset", "reads-files", false, 0},
    {"ExperimentalSqlDataset", "reads-files", false, 1},
    {"FixedLengthRecordDataset", "reads-files", false, 0},
    {"FixedLengthRecordDatasetV2", "reads-files", false, 0},
    {"FixedLengthRecordReader", "reads-files"},
    {"FixedLengthRecordReaderV2", "reads-files"},
    {"GcsConfigureCredentials", "network"},
    {"ImmutableConst", "reads-files", false, -1, "memory_region_name"},
    {"InitializeTRTResource", "reads-files", true, 1},
    {"InitializeTableFromTextFile", "reads-files", true, 1},
    {"InitializeTableFromTextFileV2", "reads-files", true, 1},
    {"LMDBDataset", "reads-files", false, 0},
    {"LMDBReader", "reads-files"},
    {"LoadAndRemapMatrix", "reads-files", true, 0},
    {"LoadDataset", "reads-files", false, 0},
    {"MatchingFiles", "reads-files", false, 0},
    {"MatchingFilesDataset", "reads-files", false, 0},
    {"MergeV2Checkpoints", "writes-files", true, 1},
    {"PrintV2", "writes-files", true, -1, "output_stream"},
    {"PyFunc", "executes-code", false, -1, "token"},
    {"PyFuncStateless", "executes-code", false, -1, "token"},
    {"ReadFile", "reads-files", false, 0},
    {"RecordInput", "reads-files", false, -1, "file_pattern"},
    {"RegisterDataset", "network", false, 1},
    {"RegisterDatasetV2", "network", false, 1},
    {"Restore", "reads-files", true, 0},
    {"RestoreSlice", "reads-files", true, 0},
    {"RestoreV2", "reads-files", true, 0},
    {"Rpc", "network", false, 0},
    {"RpcCall", "network"},
    {"RpcClient", "network", false, 0},
    {"RpcServer", "network", false, 0},
    {"RpcServerRegister", "network"},
    {"RpcServerStart", "network"},
    {"Save", "writes-files", true, 0},
    {"SaveDataset", "writes-files", false, 1},
    {"SaveDatasetV2", "writes-files", false, 1},
    {"SaveSlices", "writes-files", true, 0},
    {"SaveV2", "writes-files", true, 0},
    {"Skipgram", "reads-files", false, -1, "filename"},
    {"SnapshotDataset", "writes-files", false, 1},
    {"SnapshotDatasetV2", "writes-files", false, 1},
    {"SqlDataset", "reads-files", false, 1},
    {"TFRecordDataset", "reads-files", false, 0},
    {"TFRecordDatasetV2", "reads-files", false, 0},
    {"TFRecordReader", "reads-files"},
    {"TFRecordReaderV2", "reads-files"},
    {"TextLineDataset", "reads-files", false, 0},
    {"TextLineReader", "reads-files"},
    {"TextLineReaderV2", "reads-files"},
    {"TryRpc", "network", false, 0},
    {"WholeFileReader", "reads-files"},
    {"WholeFileReaderV2", "reads-files"},
    {"WriteFile", "writes-files", false, 0},
};
static_assert(std::is_sorted(std::begin(powers), std::end(powers),
                             [](const Power& a, const Power& b) { return a.op < b.op; }));

// "Namespace>Name" is how operators of other libraries are called: tf.load_op_library first.
// A TensorRT engine in the graph is native code of its own.
constexpr Power foreign{"", "custom"};

}  // namespace

const Power* power_of(std::string_view op) {
  const auto* at =
      std::lower_bound(std::begin(powers), std::end(powers), op,
                       [](const Power& p, std::string_view name) { return p.op < name; });
  if (at != std::end(powers) && at->op == op) return at;
  return op.find('>') != std::string_view::npos || op == "TRTEngineOp" ? &foreign : nullptr;
}

}  // namespace parapet::tensorflow
