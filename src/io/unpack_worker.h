#pragma once
// The other side of io/unpack.h: the process in which libarchive reads a hostile archive.
namespace parapet {

// The whole of a worker: `parapet --unpack-worker`, started by unpack() and of no use to a person.
// Reads the archive from descriptor 0 and writes frames to descriptor 1 (unpack_frames.h). First
// gives up what it does not need: memory, CPU time, files, privileges.
int unpack_worker_main();

}  // namespace parapet
