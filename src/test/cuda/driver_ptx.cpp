// What the fake driver wants to know of a PTX text: its kernels and their parameters.
#include <stdlib.h>
#include <string.h>

#include <sstream>

#include "driver.hpp"

namespace fake {
namespace {

// The newest PTX version that a driver reads, ×10.
int newest_ptx(int driver) {
  static const int known[][2] = {{13000, 90}, {12090, 88}, {12080, 87}, {12070, 86}, {12050, 85},
                                 {12040, 84}, {12030, 83}, {12020, 82}, {12010, 81}, {12000, 80},
                                 {11080, 78}, {11070, 77}, {11060, 76}, {11050, 75}, {11040, 74},
                                 {11030, 73}, {11020, 72}, {11010, 71}, {11000, 70}};
  for (auto& one : known) {
    if (driver >= one[0]) return one[1];
  }
  return 65;
}

std::string without_comments(const char* ptx) {
  std::string out;
  for (const char* at = ptx; *at != 0;) {
    if (at[0] == '/' && at[1] == '/') {
      while (*at != 0 && *at != '\n') at++;
    } else if (at[0] == '/' && at[1] == '*') {
      const char* end = strstr(at + 2, "*/");
      if (end == nullptr) break;
      at = end + 2;
      out += ' ';
    } else {
      out += *at++;
    }
  }
  return out;
}

std::string word_after(const std::string& s, const std::string& key, size_t from = 0) {
  size_t at = s.find(key, from);
  if (at == std::string::npos) return "";
  at = s.find_first_not_of(" \t\r\n", at + key.size());
  if (at == std::string::npos) return "";
  size_t end = s.find_first_of(" \t\r\n,;{}()", at);
  return s.substr(at, end == std::string::npos ? end : end - at);
}

// ".param .u64 .ptr .align 1 name" or ".param .align 8 .b8 name[24]"; 0 where it is neither.
size_t size_of(const std::string& parameter) {
  std::istringstream words(parameter);
  std::string word, last;
  size_t size = 0;
  while (words >> word) {
    if (word.size() >= 3 && word[0] == '.' && strchr("usbf", word[1]) != nullptr) {
      size_t bits = strtoul(word.c_str() + 2, nullptr, 10);
      if (bits != 0) size = bits / 8;
    }
    last = word;
  }
  size_t bracket = parameter.find('[');
  if (bracket != std::string::npos) size *= strtoul(parameter.c_str() + bracket + 1, nullptr, 10);
  return size;
}

bool parse_entry(const std::string& s, size_t at, Module& module, std::string& complaint) {
  Function function;
  size_t body = s.find('{', at);
  if (body == std::string::npos) body = s.size();
  std::string head = s.substr(at, body - at);
  size_t open = head.find('(');
  function.name = word_after(head, ".entry");
  if (function.name.empty()) {
    complaint = "an .entry without a name";
    return false;
  }
  if (open != std::string::npos) {
    size_t close = head.find(')', open);
    std::istringstream list(head.substr(open + 1, close - open - 1));
    std::string parameter;
    while (std::getline(list, parameter, ',')) {
      if (parameter.find(".param") == std::string::npos) continue;
      size_t size = size_of(parameter);
      if (size == 0) {
        complaint = "a parameter of " + function.name + " of unknown size:" + parameter;
        return false;
      }
      function.parameters.push_back(size);
    }
  }
  size_t maximum = head.find(".maxntid");
  if (maximum == std::string::npos) maximum = head.find(".reqntid");
  if (maximum != std::string::npos) {
    int most = 1;
    std::string list = head.substr(maximum + 8);
    const char* number = list.c_str();
    for (;;) {
      char* end;
      long n = strtol(number, &end, 10);
      if (end == number) break;
      most *= (int)n;
      while (*end == ' ') end++;
      if (*end != ',') break;
      number = end + 1;
    }
    function.most_threads = most;
  }
  function.kernel = emulator::find(function.name);
  module.functions[function.name] = function;
  return true;
}

}  // namespace

Result parse_ptx(const char* ptx, Module& module, std::string& complaint) {
  std::string s = without_comments(ptx);
  std::string version = word_after(s, ".version");
  std::string target = word_after(s, ".target");
  if (version.empty() || target.rfind("sm_", 0) != 0) {
    complaint = "no PTX: neither .version nor .target sm_";
    return INVALID_IMAGE;
  }
  int number = atoi(version.c_str()) * 10 + atoi(version.c_str() + version.find('.') + 1);
  if (number > newest_ptx(settings.driver)) {
    complaint = text("PTX %s is newer than what the driver %d reads", version.c_str(),
                     settings.driver);
    return UNSUPPORTED_PTX_VERSION;
  }
  char* end;
  int wanted = (int)strtol(target.c_str() + 3, &end, 10);
  int here = settings.major * 10 + settings.minor;
  if (wanted > here || (*end != 0 && wanted != here)) {
    complaint = text("the target %s is not for this device of capability %d.%d", target.c_str(),
                     settings.major, settings.minor);
    return INVALID_PTX;
  }
  for (size_t at = s.find(".entry"); at != std::string::npos; at = s.find(".entry", at + 6)) {
    if (!parse_entry(s, at, module, complaint)) return INVALID_PTX;
  }
  return SUCCESS;
}

}  // namespace fake
