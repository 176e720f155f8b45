// Terraform and OpenTofu: what resources of the big clouds say about who reaches data, models and
// machines. Variables with a literal default are resolved inside the file; other expressions stay
// unknown. Argument names as in the providers' registry documentation.
#include <map>

#include "base/text.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

struct Reader {
  const Artifact& artifact;
  Sink& sink;
  std::map<std::string, const Node*, std::less<>> defaults;  // var.NAME -> its default

  // A scalar with `var.NAME` replaced by the variable's default; `known` is false when it is an
  // expression that the file does not settle.
  std::string text(const Node* n, bool& known) const {
    known = true;
    if (n == nullptr || !n->is_scalar()) return {};
    if (n->tag.empty()) return n->text;
    std::string_view name = n->text;
    if (name.starts_with("${") && name.ends_with('}')) name = trim(name.substr(2, name.size() - 3));
    if (name.starts_with("var.")) {
      auto at = defaults.find(name.substr(4));
      if (at != defaults.end() && at->second->is_scalar() && at->second->tag.empty())
        return at->second->text;
    }
    known = false;
    return n->text;
  }
  std::string text(const Node& resource, std::string_view key) const {
    bool known = false;
    std::string value = text(resource.at(key), known);
    return known ? value : std::string();
  }

  Fact fact(std::string_view kind, const Node& at, const std::string& name,
            std::string says) const {
    return {std::string(kind), {}, at.place(name), std::move(says)};
  }

  void storage(const Node& resource, const std::string& name, std::string_view type,
               std::string_view access, std::string says) {
    Fact f = fact("storage", resource, name, std::move(says));
    std::string bucket = text(resource, "bucket");
    if (bucket.empty()) bucket = text(resource, "name");
    f.set("type", type).set("name", bucket.empty() ? name : bucket).set("access", access);
    sink.add(std::move(f));
  }

  void setting(const Node& at, const std::string& name, std::string_view product,
               std::string_view key, const std::string& value) {
    Fact f = fact("setting", at, name, std::string(key) + " = " + value);
    f.set("product", product).set("key", key).set("value", value);
    sink.add(std::move(f));
  }

  void s3_acl(const Node& r, const std::string& name) {
    std::string acl = text(r, "acl");
    if (acl == "public-read-write")
      storage(r, name, "s3", "public-write", "acl = public-read-write");
    else if (acl == "public-read" || acl == "authenticated-read")
      storage(r, name, "s3", "public-read", "acl = " + acl);
    else if (!acl.empty())
      storage(r, name, "s3", "private", "acl = " + acl);
  }

  void google_member(const Node& r, const std::string& name) {
    bool open = false;
    auto look = [&](const Node* n) {
      open =
          open || (n != nullptr && (n->text == "allUsers" || n->text == "allAuthenticatedUsers"));
    };
    look(r.at("member"));
    if (const Node* members = r.at("members"))
      for (const Node& m : members->items) look(&m);
    if (!open) return;
    bool writes = contains(text(r, "role"), "Creator") || contains(text(r, "role"), "Admin") ||
                  contains(text(r, "role"), "Writer");
    storage(r, name, "gcs", writes ? "public-write" : "public-read",
            text(r, "role") + " for everyone");
  }

  // One `ingress` block, or an aws_security_group_rule of type ingress.
  void ingress(const Node& block, const std::string& name) {
    for (std::string_view key : {"cidr_blocks", "ipv6_cidr_blocks", "source_ranges", "cidr_ipv4",
                                 "cidr_ipv6", "source_address_prefix"}) {
      const Node* list = block.at(key);
      if (list == nullptr) continue;
      bool open = list->text == "0.0.0.0/0" || list->text == "::/0" || list->text == "*" ||
                  list->text == "Internet";
      for (const Node& cidr : list->items)
        open = open || cidr.text == "0.0.0.0/0" || cidr.text == "::/0";
      if (!open) continue;
      std::string from = text(block, "from_port");
      std::string to = text(block, "to_port");
      if (from.empty()) from = text(block, "destination_port_range");
      Fact f =
          fact("network", block, name, "from everywhere to port " + (from.empty() ? "any" : from));
      f.set("type", "security-group")
          .set("name", name)
          .set("reach", "public")
          .set("cidr", "0.0.0.0/0");
      bool all = from.empty() || from == "-1" || from == "*" ||
                 (from == "0" && (to == "0" || to == "65535"));
      f.set("port", all ? "all" : from);
      sink.add(std::move(f));
      return;
    }
  }

  void security_group(const Node& r, const std::string& name) {
    for (std::size_t i = 0; i < r.keys.size(); ++i)
      if (r.keys[i].text == "ingress") ingress(r.items[i], name);
  }

  void resource(std::string_view type, const Node& r, const std::string& name) {
    if (type == "aws_s3_bucket_acl" || type == "aws_s3_bucket")
      s3_acl(r, name);
    else if (type.starts_with("google_storage_") && contains(type, "iam"))
      google_member(r, name);
    else if (type == "azurerm_storage_container") {
      std::string access = text(r, "container_access_type");
      if (access == "blob" || access == "container")
        storage(r, name, "azure", "public-read", "container_access_type = " + access);
    } else if (type == "aws_security_group")
      security_group(r, name);
    else if (type == "aws_security_group_rule" && text(r, "type") == "ingress")
      ingress(r, name);
    else if (type == "aws_vpc_security_group_ingress_rule")
      ingress(r, name);
    else if (type == "google_compute_firewall" || type == "azurerm_network_security_rule")
      ingress(r, name);
    else if (type == "aws_s3_bucket_public_access_block") {
      for (std::string_view key : {"block_public_acls", "block_public_policy", "ignore_public_acls",
                                   "restrict_public_buckets"})
        if (!text(r, key).empty()) setting(*r.at(key), name, "s3", key, text(r, key));
    }
    for (std::string_view key : {"direct_internet_access", "root_access", "publicly_accessible",
                                 "public_network_access_enabled", "enable_network_isolation",
                                 "no_public_ip", "http_tokens", "encrypted"})
      if (!text(r, key).empty()) setting(*r.at(key), name, type, key, text(r, key));
    if (const Node* metadata = r.at("metadata_options"))
      if (!text(*metadata, "http_tokens").empty())
        setting(*metadata, name, type, "http_tokens", text(*metadata, "http_tokens"));
    iam(r, name);
  }

  // Policies given as jsonencode({...}) keep their text; the wildcards in it are plain to see.
  void iam(const Node& r, const std::string& name) {
    for (std::string_view key : {"policy", "assume_role_policy"}) {
      const Node* policy = r.at(key);
      if (policy == nullptr || !policy->is_scalar()) continue;
      std::string flat;
      for (char c : policy->text)
        if (!is_space(c) && c != '"') flat += c;
      bool any_action = contains(flat, "Action=*") || contains(flat, "Action:*") ||
                        contains(flat, "Action=[*]") || contains(flat, "Action:[*]");
      bool any_principal = contains(flat, "Principal=*") || contains(flat, "Principal:*") ||
                           contains(flat, "AWS=*") || contains(flat, "AWS:*");
      if (!any_action && !any_principal) continue;
      Fact f = fact(
          "permission", *policy, name,
          any_principal ? "a policy for every principal" : "a policy that allows every action");
      f.set("system", any_principal && contains(flat, "s3:") ? "s3" : "iam")
          .set("subject", name)
          .set("effect", "Allow");
      if (any_action) f.set("verb", "*");
      if (any_principal) f.set("principal", "*");
      f.set("condition", contains(flat, "Condition") ? "yes" : "no");
      sink.add(std::move(f));
    }
  }
};

void read(const Artifact& artifact, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (d.syntax != "hcl") continue;
    Reader reader{artifact, sink, {}};
    auto each = [&](std::string_view block, auto visit) {
      for (std::size_t i = 0; i < d.root.keys.size() && sink.next(); ++i)
        if (d.root.keys[i].text == block && d.root.items[i].is_map()) visit(d.root.items[i]);
    };
    each("variable", [&](const Node& labelled) {
      if (labelled.keys.empty()) return;
      if (const Node* fallback = labelled.items[0].at("default"))
        reader.defaults[labelled.keys[0].text] = fallback;
    });
    each("resource", [&](const Node& labelled) {
      if (labelled.keys.empty() || labelled.items[0].keys.empty()) return;
      const std::string& type = labelled.keys[0].text;
      reader.resource(type, labelled.items[0].items[0],
                      type + "." + labelled.items[0].keys[0].text);
    });
  }
}

}  // namespace

extern const Dialect terraform;
const Dialect terraform{"terraform",
                        "Terraform: buckets, firewalls, notebooks and policies of the clouds", read,
                        nullptr};

}  // namespace parapet::dialects
