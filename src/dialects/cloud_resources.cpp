// What is declared in a cloud, as one `resource` fact each: Terraform and OpenTofu (HCL, plans as
// JSON), CloudFormation and SAM. The type is Terraform's; CloudFormation's names are put into its
// form (AWS::SageMaker::NotebookInstance is aws_sagemaker_notebook_instance, RootAccess is
// root_access), so that one rule speaks of both.
// https://registry.terraform.io,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference
#include <map>

#include "base/text.h"
#include "dialects/common/leaves.h"
#include "dialects/dialect.h"
#include "model/commands.h"

namespace parapet::dialects {
namespace {

constexpr std::size_t most_resources = 5000;  // of one artifact

// HomeEFSFileSystemId -> home_efs_file_system_id.
std::string snake(std::string_view camel) {
  std::string out;
  auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (std::size_t i = 0; i < camel.size(); ++i) {
    bool starts = upper(camel[i]) && i > 0 &&
                  (!upper(camel[i - 1]) ||
                   (i + 1 < camel.size() && !upper(camel[i + 1]) && camel[i + 1] != 's'));
    if (starts && !out.ends_with('_')) out += '_';
    out += camel[i] == ':' || camel[i] == '-' ? '_' : lower(camel[i]);
  }
  return out;
}

// Where the two products name one thing differently.
constexpr std::pair<std::string_view, std::string_view> renamed[] = {
    {"aws_ec2_security_group", "aws_security_group"},
    {"aws_ec2_instance", "aws_instance"},
    {"aws_ec2_launch_template", "aws_launch_template"},
    {"aws_ec2_volume", "aws_ebs_volume"},
    {"aws_rds_dbinstance", "aws_db_instance"},
    {"aws_rds_db_instance", "aws_db_instance"},
    {"aws_lambda_function", "aws_lambda_function"},
    {"aws_sagemaker_notebook_instance_lifecycle_config",
     "aws_sagemaker_notebook_instance_lifecycle_configuration"},
    {"aws_elastic_load_balancing_v2_listener", "aws_lb_listener"},
};

std::string type_of(std::string_view cloud_formation) {
  auto parts = split(cloud_formation, ':');  // "AWS", "", "S3", "", "Bucket"
  if (parts.size() != 5) return snake(cloud_formation);
  std::string out = lower(parts[0]) + "_" + lower(parts[2]) + "_" + snake(parts[4]);
  for (const auto& [from, to] : renamed)
    if (out == from) return std::string(to);
  return out;
}

Node snake_keys(const Node& n, unsigned depth) {
  Node out = n;
  if (depth > 24) return out;
  for (Node& k : out.keys) k.text = snake(k.text);
  for (Node& i : out.items) i = snake_keys(i, depth + 1);
  return out;
}

class Reader {
 public:
  explicit Reader(Sink& sink) : sink_(sink) {}

  void hcl(const Node& root) {
    each(root, "variable", [&](const Node& labelled) {
      if (labelled.keys.empty()) return;
      if (const Node* fallback = labelled.items[0].at("default"))
        values_["var." + labelled.keys[0].text] = fallback;
    });
    each(root, "locals", [&](const Node& block) {
      for (std::size_t i = 0; i < block.keys.size(); ++i)
        values_["local." + block.keys[i].text] = &block.items[i];
    });
    for (std::string_view block : {"resource", "data"})
      each(root, block, [&](const Node& labelled) {
        if (labelled.keys.empty() || labelled.items[0].keys.empty()) return;
        add(labelled.keys[0].text, labelled.items[0].keys[0].text,
            resolved(labelled.items[0].items[0], 0),
            block == "data" ? "terraform-data" : "terraform", labelled);
      });
    each(root, "module", [&](const Node& labelled) {
      if (!labelled.keys.empty())
        add("module", labelled.keys[0].text, resolved(labelled.items[0], 0), "terraform", labelled);
    });
    each(root, "provider", [&](const Node& labelled) {
      if (!labelled.keys.empty())
        add("provider", labelled.keys[0].text, resolved(labelled.items[0], 0), "terraform",
            labelled);
    });
    each(root, "terraform", [&](const Node& block) {
      add("terraform", "settings", resolved(block, 0), "terraform", block);
    });
  }

  // terraform show -json PLAN: https://developer.hashicorp.com/terraform/internals/json-format
  bool plan(const Node& root) {
    const Node* values = root.find("planned_values.root_module");
    if (root.at("format_version") == nullptr || values == nullptr) return false;
    module(*values, 0);
    return true;
  }

  bool cloud_formation(const Node& root) {
    const Node* resources = root.at("Resources");
    if (resources == nullptr || !resources->is_map()) return false;
    bool any = false;
    for (std::size_t i = 0; i < resources->keys.size() && sink_.next(); ++i) {
      const Node& r = resources->items[i];
      std::string_view type = r.text_at("Type");
      if (!contains(type, "::")) continue;
      any = true;
      const Node* properties = r.at("Properties");
      add(type_of(type), resources->keys[i].text,
          properties != nullptr ? snake_keys(*properties, 0) : Node{}, "cloudformation",
          resources->keys[i]);
    }
    return any;
  }

 private:
  template <class Visit>
  void each(const Node& root, std::string_view block, Visit visit) {
    for (std::size_t i = 0; i < root.keys.size() && sink_.next(); ++i)
      if (root.keys[i].text == block && root.items[i].is_map()) visit(root.items[i]);
  }

  // Variables and locals that the file gives a value are replaced by it.
  Node resolved(const Node& n, unsigned depth) const {
    Node out = n;
    if (depth > 24) return out;
    if (n.is_scalar() && !n.tag.empty()) {
      std::string_view name = n.text;
      if (name.starts_with("${") && name.ends_with('}'))
        name = trim(name.substr(2, name.size() - 3));
      auto at = values_.find(name);
      if (at != values_.end() && depth < 20) {
        Node value = resolved(*at->second, depth + 4);
        value.offset = n.offset;
        value.line = n.line;
        value.column = n.column;
        return value;
      }
    }
    for (Node& i : out.items) i = resolved(i, depth + 1);
    return out;
  }

  void module(const Node& m, unsigned depth) {
    if (depth > 8) return;
    if (const Node* resources = m.at("resources"); resources != nullptr)
      for (const Node& r : resources->items)
        if (const Node* values = r.at("values"); values != nullptr && sink_.next())
          add(r.text_at("type"), r.text_at("name"), *values, "terraform-plan", r);
    if (const Node* children = m.at("child_modules"); children != nullptr)
      for (const Node& c : children->items) module(c, depth + 1);
  }

  // What a machine or notebook runs when it starts is shell text in an argument.
  void scripts(const Node& body, unsigned depth) {
    if (depth > 4) return;
    for (std::size_t i = 0; i < body.keys.size(); ++i) {
      const std::string& key = body.keys[i].text;
      const Node& value = body.items[i];
      bool script = key == "user_data" || key == "custom_data" || key == "startup_script" ||
                    key == "startup-script" || key == "metadata_startup_script" ||
                    key == "on_start" || key == "on_create";
      if (script && value.is_scalar() && contains(value.text, "\n"))
        add_processes(sink_, {value.text, "terraform",
                              [&](std::size_t, std::size_t) { return value.place(key); }});
      scripts(value, depth + 1);
    }
    for (const Node& item : body.items)
      if (body.is_list()) scripts(item, depth + 1);
  }

  void add(std::string_view type, std::string_view name, const Node& body, std::string_view via,
           const Node& at) {
    if (count_++ == most_resources)
      sink_.partly("more than " + std::to_string(most_resources) + " cloud resources");
    if (count_ > most_resources) return;
    scripts(body, 0);
    Fact f{"resource",
           {},
           at.place(std::string(type) + "." + std::string(name)),
           printable(type, 80) + " " + printable(name, 80)};
    f.place.length = 0;
    f.set("type", type).set("resource", name).set("via", via);
    add_leaves(f, body, sink_,
               [](const Node& n) { return n.tag.empty() && !contains(n.text, "${"); });
    sink_.add(std::move(f));
  }

  Sink& sink_;
  std::map<std::string, const Node*, std::less<>> values_;
  std::size_t count_ = 0;
};

void read(const Artifact&, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    Reader reader(sink);
    if (d.syntax == "hcl")
      reader.hcl(d.root);
    else if ((d.syntax == "json" || d.syntax == "yaml") && d.root.is_map() &&
             !reader.plan(d.root) && reader.cloud_formation(d.root))
      sink.is("cloudformation");
  }
}

}  // namespace

extern const Dialect cloud_resources;
const Dialect cloud_resources{
    "cloud_resources",
    "Terraform and OpenTofu (HCL and plans) and CloudFormation, resource by resource", read,
    nullptr};

}  // namespace parapet::dialects
