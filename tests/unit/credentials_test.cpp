#include "match/credentials.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <random>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "knowledge/credential_kinds.h"
#include "match/secrecy.h"

using namespace parapet;

namespace {

const CredentialMatcher& matcher() {
  static const std::shared_ptr<const CredentialMatcher> m = [] {
    auto kinds = load_credential_kinds();
    if (!kinds)
      std::fprintf(stderr, "%s: %s\n", kinds.error().what.c_str(), kinds.error().cause.c_str());
    auto made =
        CredentialMatcher::make(kinds ? std::move(*kinds) : std::vector<CredentialKind>{}, true);
    if (!made)
      std::fprintf(stderr, "%s: %s\n", made.error().what.c_str(), made.error().cause.c_str());
    return made ? *made : *CredentialMatcher::make({});
  }();
  return *m;
}

std::vector<CredentialHit> hits(std::string_view text, Where where = Where::source) {
  std::vector<CredentialHit> out;
  CHECK(matcher().find(text, where, [&](const CredentialHit& h) { out.push_back(h); }));
  return out;
}

std::string ids(const std::vector<CredentialHit>& all) {
  std::string out;
  for (const auto& h : all)
    out += (out.empty() ? "" : " ") + h.kind->id + (h.placeholder ? "?" : "");
  return out;
}

constexpr std::string_view all_letters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string random_text(std::string_view alphabet, std::size_t n, std::mt19937& random) {
  std::string out;
  while (n-- > 0) out += alphabet[random() % alphabet.size()];
  return out;
}

// A token that GitHub could have made.
std::string with_checksum(std::size_t n, std::mt19937& random) {
  std::string body = random_text(all_letters, n - 6, random);
  std::uint32_t sum = crc32(body);
  std::string tail;
  for (int i = 0; i < 6; ++i, sum /= 62) tail.insert(tail.begin(), all_letters[sum % 62]);
  return body + tail;
}

std::string base64(std::string_view s) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < s.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > s.size() ? '=' : letters[bits >> (18 - 6 * k) & 63U];
  }
  return out;
}

// Fills a line of tests/data/credential_samples.txt; `instead` stands for every random part when
// given, and each is so many times shorter than it says.
std::string filled(std::string_view line, std::mt19937& random, const char* instead = nullptr,
                   std::size_t shorter = 1) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (auto close = line.find(">>", i);
        line.substr(i).starts_with("<<") && close != std::string_view::npos) {
      out += base64(filled(line.substr(i + 2, close - i - 2), random, instead, shorter));
      i = close + 1;
      continue;
    }
    auto end = line.find(']', i);
    auto n = line[i] == '[' && end != std::string_view::npos
                 ? to_integer(line.substr(i + 2, end - i - 2))
                 : std::nullopt;
    if (!n) {
      bool new_line = line[i] == '\\' && i + 1 < line.size() && line[i + 1] == 'n';
      out += new_line ? '\n' : line[i];
      i += new_line;
      continue;
    }
    auto size = static_cast<std::size_t>(*n) / (*n > 3 ? shorter : 1);
    char how = line[i + 1];
    if (instead != nullptr)
      out += instead;
    else if (how == 'a')
      out += random_text(all_letters, size, random);
    else if (how == 'x')
      out += random_text("0123456789abcdef", size, random);
    else if (how == 'l')
      out += random_text("abcdefghijklmnopqrstuvwxyz0123456789", size, random);
    else if (how == 'u')
      out += random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", size, random);
    else if (how == 's')
      out += random_text("abcdefghijklmnopqrstuvwxyz", size, random);
    else if (how == 'v')
      out += random_text("abcdefghijklmnopqrstuvwxyz234567", size, random);
    else if (how == 'A')
      out += random_text("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", size, random);
    else if (how == 'd')
      out += '1' + random_text("0123456789", size - 1, random);
    else if (how == 'b')
      out += random_text(all_letters, size, random);
    else if (how == 'c')
      out += size > 6 ? with_checksum(size, random) : random_text(all_letters, size, random);
    i = end;
  }
  // Base 32 of access keys has no 0, 1, 8 and 9.
  if (line.find("AKIA[") != std::string_view::npos)
    for (char& c : out)
      if (c == '0' || c == '8' || c == '9') c = 'B';
  return out;
}

struct Sample {
  std::string id, line;  // an id with "!" before it: what is nearly one and is none
};
std::vector<Sample> samples() {
  std::vector<Sample> out;
  std::ifstream in(SRC_DIR "/tests/data/credential_samples.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    auto halves = split_once(line, " ");
    out.push_back({std::string(halves.before), std::string(halves.after)});
  }
  return out;
}

Where place_for(const CredentialKind& k) {
  return k.only.empty() ? Where::source : k.only[0] == "env" ? Where::env : Where::config;
}

const CredentialKind* kind(std::string_view id) {
  for (const auto& k : matcher().kinds())
    if (k.id == id) return &k;
  return nullptr;
}

}  // namespace

TEST_CASE("every sample is found as its kind, and its references and stand-ins are not") {
  std::mt19937 random(11);
  std::set<std::string> seen;
  auto all = samples();
  REQUIRE(all.size() > 100);
  for (const Sample& s : all) {
    if (s.id.starts_with('!')) continue;
    const CredentialKind* k = kind(s.id);
    REQUIRE_MESSAGE(k != nullptr, s.id);
    seen.insert(s.id);
    for (int round = 0; round < 3; ++round) {
      std::string text = filled(s.line, random);
      auto found = hits(text, place_for(*k));
      bool it = std::any_of(found.begin(), found.end(),
                            [&](const auto& h) { return h.kind == k && !h.placeholder; });
      CHECK_MESSAGE(it, s.id, " in ", text, " gave: ", ids(found));
      for (const auto& h : found) CHECK(h.offset + h.length <= text.size());
    }
    if (k->shipped_default || contains(s.line, "<<")) continue;
    for (const char* instead :
         {"${SECRET}", "xxxxxxxxxxxxxxxx", "{{ secret }}", "<secret>", "your-key-here"})
      for (const auto& h : hits(filled(s.line, random, instead), place_for(*k)))
        CHECK_MESSAGE((h.placeholder || h.kind->shipped_default), s.id, " with ", instead, " gave ",
                      h.kind->id, ": ", h.secret);
  }
  std::string without;
  for (const auto& k : matcher().kinds())
    if (!seen.contains(k.id)) without += k.id + " ";
  MESSAGE("kinds: ", matcher().kinds().size());
  CHECK_MESSAGE(without.empty(), "without a sample: ", without);
  CHECK(matcher().kinds().size() >= 250);
}

TEST_CASE("what is nearly a credential of a kind is none of it") {
  std::mt19937 random(7);
  std::set<std::string> own;
  auto all = samples();
  for (const Sample& s : all)
    if (s.id.starts_with('!')) own.insert(s.id.substr(1));
  // Its own near miss, or the sample with every random part a third as long.
  for (const Sample& s : all) {
    bool near = s.id.starts_with('!');
    if (!near && own.contains(s.id)) continue;
    std::string id = near ? s.id.substr(1) : s.id;
    const CredentialKind* k = kind(id);
    REQUIRE_MESSAGE(k != nullptr, id);
    if (k->shipped_default && !near) continue;
    for (int round = 0; round < 3; ++round) {
      std::string text = filled(s.line, random, nullptr, near ? 1 : 3);
      for (const auto& h : hits(text, place_for(*k)))
        CHECK_MESSAGE((h.kind != k || h.placeholder), id, " in ", text, " gave ", h.secret);
    }
  }
}

TEST_CASE("near misses are silent") {
  std::mt19937 random(5);
  auto letters = [&](std::size_t n) { return random_text(all_letters, n, random); };
  for (const std::string& text :
       {std::string("hf_model_name_from_config_of_the_hub_x"), "hf_" + letters(20),
        "xghp_" + letters(36), "AKIA" + letters(8), "sk-" + letters(10),
        std::string("from hf_hub_download import x"), "gsk_" + letters(51) + "-" + letters(4),
        std::string("tokenizer = \"bert-base-uncased-2019-v2-large\""),
        std::string("password = getpass.getpass()"),
        std::string("secret_name: my-service-account-token-volume"),
        std::string("token: ${{ secrets.HF_TOKEN }}"),
        std::string("api_key = os.environ[\"OPENAI_API_KEY\"]"),
        std::string("postgresql://user:${PASSWORD}@db/x"),
        std::string("commit 3f786850e387550fdab836ed7e6dc881de23001b"),
        std::string("https://example.com:8080/a@b"),
        std::string("max_token_len = \"a1b2c3d4e5f6g7h8\"")})
    for (const auto& h : hits(text)) CHECK_MESSAGE(h.placeholder, text, " gave ", h.kind->id);
}

TEST_CASE("documentation's values are placeholders") {
  for (auto [text, want] : {std::pair<std::string, std::string>{"key = \"AKIA"
                                                                "IOSFODNN7EXAMPLE\"",
                                                                "aws-access-key-id?"},
                            {"postgresql://user:password@localhost/db", "database-url?"},
                            {"postgresql://mlflow:s3cret@db/mlflow", "database-url"},
                            {"MINIO_ROOT_PASSWORD=minioadmin", "minio-default-password"}})
    CHECK(ids(hits(text)) == want);
}

TEST_CASE("a wrong checksum is said") {
  std::mt19937 random(3);
  auto good = hits("ghp_" + with_checksum(36, random));
  REQUIRE(good.size() == 1);
  CHECK(good[0].checksum == CredentialHit::Checksum::right);
  auto bad = hits("ghp_" + random_text(all_letters, 36, random));
  REQUIRE(bad.size() == 1);
  CHECK(bad[0].checksum == CredentialHit::Checksum::wrong);
}

TEST_CASE("base64 is opened twice, not three times; the place is the run") {
  std::mt19937 random(9);
  std::string token = "HF_TOKEN=hf_" + random_text(all_letters, 34, random) + "\nA=B\n";
  std::string once = base64(token);
  std::string twice = base64("x: " + once + " ");
  auto found = hits("data:\n  env: " + once + "\n");
  REQUIRE(ids(found) == "huggingface-token");
  CHECK(found[0].encoded == "base64");
  CHECK(found[0].offset == 13);
  CHECK(found[0].secret.starts_with("hf_"));
  CHECK(ids(hits(twice)) == "huggingface-token");
  CHECK(hits(twice)[0].encoded == "base64+base64");
  CHECK(hits(base64("y: " + twice + " ")).empty());
}

TEST_CASE("hex, percent-encoding and compressed data are opened, and each in the others") {
  std::mt19937 random(10);
  std::string secret = "hf_" + random_text(all_letters, 34, random);
  std::string token = "HF_TOKEN=" + secret + "\nA=B\n";
  auto hex = [](std::string_view s) {
    std::string out;
    for (char c : s) {
      out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
      out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
    }
    return out;
  };
  // zlib with one stored block, RFC 1950 and 1951.
  auto zlib = [](std::string_view s) {
    std::uint32_t a = 1, b = 0;
    for (char c : s) {
      a = (a + static_cast<unsigned char>(c)) % 65521;
      b = (b + a) % 65521;
    }
    auto n = static_cast<std::uint16_t>(s.size());
    std::string out{"\x78\x01\x01"};
    for (unsigned x :
         {unsigned{n} & 255U, unsigned{n} >> 8U, ~unsigned{n} & 255U, (~unsigned{n} >> 8U) & 255U})
      out += static_cast<char>(x);
    out += s;
    for (unsigned x : {b >> 8U, b & 255U, a >> 8U, a & 255U}) out += static_cast<char>(x);
    return out;
  };
  auto percent = [](std::string_view s) {
    std::string out;
    for (char c : s) {
      char text[4];
      std::snprintf(text, sizeof text, "%%%02X",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += is_word(c) ? std::string(1, c) : text;
    }
    return out;
  };
  struct Row {
    std::string text, form;
  };
  for (const Row& r : {Row{"blob = '" + hex(token) + "'", "hex"},
                       {"blob = 0x" + hex(token), "hex"},
                       {"x: " + base64(zlib(token)) + "\n", "base64+zlib"},
                       {"x: " + hex(zlib(token)) + "\n", "hex+zlib"},
                       {"https://acme.dev/?next=%2Fa%3F" + percent(token), "percent"},
                       {"u=" + percent("d=" + base64(token)), "percent+base64"},
                       {base64("v=" + hex(token) + " "), "base64+hex"}}) {
    CAPTURE(r.text);
    auto found = hits(r.text);
    REQUIRE(ids(found) == "huggingface-token");
    CHECK(found[0].encoded == r.form);
    CHECK(found[0].secret == secret);
    CHECK(found[0].offset + found[0].length <= r.text.size());
  }
  CHECK(hits("sha256:" + random_text("0123456789abcdef", 64, random)).empty());
  CHECK(hits("100%25 of %d and %s, %zz").empty());
}

TEST_CASE("files made for secrets") {
  std::mt19937 random(2);
  std::string pair = base64("acme:" + random_text(all_letters, 18, random));
  CHECK(ids(hits(R"({"auths": {"https://index.docker.io/v1/": {"auth": ")" + pair + "\"}}}",
                 Where::config)) == "docker-config-auth");
  std::string pem =
      "-----BEGIN EC "
      "PRIVATE KEY-----\n" +
      random_text(all_letters, 64, random) + "\n" + random_text(all_letters, 64, random) +
      "\n-----END EC PRIVATE KEY-----\n";
  CHECK(ids(hits("client-key-data: " + base64(pem), Where::config)) == "kubernetes-client-key");
  std::string escaped = replace_all(pem, "\n", "\\n");
  CHECK(ids(hits(R"({"type": "service_account", "private_key": ")" +
                 replace_all(escaped, "EC ", "") + "\"}")) == "gcp-service-account");
  CHECK(ids(hits(escaped)) == "private-key");
  CHECK(
      ids(hits("[pypi]\nusername = acme\npassword = " + random_text(all_letters, 16, random) + "\n",
               Where::config)) == "pypirc-password");
  CHECK(ids(hits("SMTP_PASSWORD=blue-horse-7-battery\nDEBUG=true\nS3_SECRET=\n", Where::env)) ==
        "env-secret");
}

TEST_CASE("entropy and looks") {
  CHECK(entropy("aaaa") == doctest::Approx(0));
  CHECK(entropy("abcd") == doctest::Approx(2));
  CHECK(is_stand_in("changeme"));
  CHECK(is_stand_in("0123456789abcdef"));
  CHECK_FALSE(is_stand_in("s3cret"));
  CHECK(looks_random("x9Kf2LmQ7pR4"));
  CHECK_FALSE(looks_random("bert-base-uncased-2019"));
  CHECK_FALSE(looks_random("configs/train_v2.yaml"));
}

TEST_CASE("facts: one a secret, redacted, with its spans") {
  std::mt19937 random(4);
  std::string token = "hf_" + random_text(all_letters, 34, random);
  std::string text = "HF_TOKEN=" + token + "\nexport HF=" + token + "\n";
  Budget budget(Limits{}, text.size());
  Sink sink(budget, [](Artifact&&) {});
  std::vector<std::pair<std::uint64_t, std::uint64_t>> spans;
  add_credential_facts(matcher(), {"deploy/.env", as_bytes(text)}, sink, spans);
  REQUIRE(sink.facts().size() == 1);
  const Fact& f = sink.facts()[0];
  CHECK(f.get("where") == "env");
  CHECK(f.get("count") == "2");
  CHECK(f.get("name") == "HF_TOKEN");
  CHECK(f.get("placeholder") == "no");
  CHECK_FALSE(contains(f.says, token));
  CHECK(spans.size() == 2);
}

TEST_CASE("any prefix and hostile repetition are survived") {
  std::mt19937 random(8);
  std::string all;
  for (const Sample& s : samples()) all += filled(s.line, random) + "\n";
  for (std::size_t n = 0; n < all.size(); n += 97)
    (void)hits(std::string_view(all).substr(0, n), Where::config);
  std::string repeated;
  for (int i = 0; i < 20'000; ++i)
    repeated += "-----BEGIN PRIVATE KEY-----token=\"machine comet_ml ";
  CHECK_NOTHROW(matcher().find(repeated, Where::config, [](const CredentialHit&) {}));
}
