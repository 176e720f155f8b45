// What words tell: names inside travelling code, names of functions, arguments.
#include "base/text.h"
#include "formats/pickle/names.h"

namespace parapet::pickle {

bool listed(std::string_view list, std::string_view word) {
  return !word.empty() && word.find(' ') == std::string_view::npos &&
         contains(list, " " + std::string(word) + " ");
}

std::string_view last_of(std::string_view name) {
  auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}
bool is_class_name(std::string_view name) {
  auto last = last_of(name);
  while (last.starts_with('_')) last.remove_prefix(1);
  return !last.empty() && last[0] >= 'A' && last[0] <= 'Z';
}
bool reaches_out(std::string_view name) {
  static constexpr std::string_view words =
      " exec eval compile __import__ import_module system popen Popen spawn fork execv execve "
      "execvp subprocess check_output check_call "
      "getoutput socket urlopen urlretrieve urllib requests ctypes pickle marshal loads builtins "
      "__builtins__ __globals__ __subclasses__ "
      "rmtree unlink posix pty runpy b64decode create_connection connect reverse_shell startfile "
      "os.system ";
  if (name.size() < 40)
    return listed(words, name) || name.starts_with("os.") || name.starts_with("subprocess.");
  return contains(name, "__import__(") ||
         contains(name, "os.system(");  // longer texts may be documentation
}

std::string_view attack_in(std::string_view text) {
  if (text.size() < 2 || text.size() > 4096) return {};
  static constexpr std::string_view code[] = {
      "__import__",  "import os",    "import sys", "import subprocess", "import socket",
      "eval(",       "exec(",        "os.system",  "subprocess.",       "__class__",
      "__globals__", "__builtins__", "popen("};
  for (auto c : code)
    if (contains(text, c)) return "Python code";
  static constexpr std::string_view shell[] = {"$(",      "&& ",   "| sh",   "|sh",     "| bash",
                                               "|bash",   ">& ",   "2>&1",   "; curl ", "/dev/tcp/",
                                               "; wget ", "<<EOF", "-e /bin"};
  for (auto c : shell)
    if (contains(text, c)) return "a command";
  static constexpr std::string_view programs =
      " sh bash zsh dash ksh cmd cmd.exe powershell powershell.exe pwsh curl wget nc ncat netcat "
      "python python3 perl ruby php rm chmod chown mkfifo touch crontab ssh scp socat nohup sudo "
      "certutil mshta rundll32 calc.exe whoami base64 tar dd ";
  auto first = text.substr(0, text.find(' '));
  auto program = first.substr(first.rfind('/') + 1);
  static constexpr std::string_view alone = " bash zsh cmd.exe powershell powershell.exe whoami ";
  if (first.size() < text.size() ? listed(programs, program) : listed(alone, program))
    return "a command";
  if (contains(text.substr(0, 24), "://")) return "an address of the network";
  for (std::string_view p : {"/bin/", "/sbin/", "/usr/bin/", "/etc/", "/root/", "/proc/", "/dev/",
                             "/tmp/", "/var/", "../", "~/.", "\\\\"})
    if (text.starts_with(p)) return "a path outside the model's folder";
  return {};
}

bool named_dangerously(std::string_view function, bool known_library) {
  static constexpr std::string_view always =
      " eval exec execfile system popen popen2 popen3 popen4 Popen spawn spawnv spawnl spawnve "
      "fork forkpty execv execve execvp execl "
      "check_output check_call getoutput getstatusoutput run_command run_cmd run_shell "
      "run_shell_command run_subprocess shell_exec "
      "exec_command exec_module execute_command import_module import_string import_from_string "
      "import_file load_module load_source "
      "load_dynamic resolve_name __import__ unpickle read_pickle load_pickle pickle_load urlopen "
      "urlretrieve download_file rmtree "
      "runcode runsource runstring run_code run_path run_module runctx exec_ exec_code myeval "
      "safe_eval literal_exec os_system "
      "call_subprocess subprocess_call load_library ";
  auto f = last_of(function);
  if (listed(always, f)) return true;
  while (f.starts_with('_')) f.remove_prefix(1);
  if (listed(always, f)) return true;
  if (!known_library || is_class_name(f)) return false;
  for (std::string_view p :
       {"load",   "run",       "exec",     "eval",    "compile", "read_", "save",
        "write",  "download",  "open",     "import_", "spawn",   "fetch", "get_file",
        "parse",  "from_file", "fromfile", "tofile",  "memmap",  "call",  "main",
        "launch", "delete",    "remove",   "unlink",  "import"})
    if (f.starts_with(p)) return true;
  return contains(f, "from_pretrained") || contains(f, "from_url") || contains(f, "unpickle");
}

}  // namespace parapet::pickle
