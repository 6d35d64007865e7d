#include "api/question.h"

#include <charconv>
#include <optional>

#include "api/scope.h"
#include "api/unions.h"
#include "base/utf8.h"

namespace prombraid::api {

namespace {

/// What the three questions with selectors share: who is asked, and with what.
class Scoped : public Question {
 public:
  explicit Scoped(Scope scope) : scope_(std::move(scope)) {}

 protected:
  Result<std::vector<MemberScope>> members(const Replicas& replicas) const {
    return members_asked(scope_, replicas.members, replicas.labels, replicas.ignore_matchers_on);
  }
  /// One call to each member that can know something.
  Result<std::vector<Call>> ask_each(const Replicas& replicas, std::string_view path) {
    auto asked = members(replicas);
    if (asked.has_error()) return std::move(asked).error();
    std::vector<Call> calls;
    for (MemberScope& member : *asked) {
      std::string asks = target(path, member);
      const std::size_t number = member.member;
      calls.push_back({number, std::move(asks), keep(std::move(member)), false});
    }
    return calls;
  }
  std::string target(std::string_view path, const MemberScope& member) const {
    return with_query(path, query_string(scope_, member));
  }
  static std::string with_query(std::string_view path, const std::string& query) {
    return std::string(path) + (query.empty() ? "" : "?") + query;
  }
  /// Remembers the member's part for `take`.
  std::size_t keep(MemberScope member) {
    kept_.push_back(std::move(member));
    return kept_.size() - 1;
  }
  const MemberScope& kept(const Call& call) const { return kept_[call.scope]; }
  Labels shown(const Replicas& replicas, const Call& call) const {
    return shown_labels(replicas.members[call.member], replicas.labels,
                        kept(call).keep_replica_labels);
  }

  const Scope scope_;

 private:
  std::vector<MemberScope> kept_;
};

class LabelNames final : public Scoped {
 public:
  using Scoped::Scoped;

  Result<std::vector<Call>> ask(const Replicas& replicas) override {
    return ask_each(replicas, "/api/v1/labels");
  }

  Result<void> take(const Replicas& replicas, const Call& call, const Reply& reply) override {
    NameUnion own;
    if (auto added = own.add(reply.data); added.has_error()) return added;
    if (own.empty()) return {};
    if (!kept(call).keep_replica_labels) {
      for (const std::string& name : replicas.labels.names()) own.remove(name);
    }
    for (const Label label : shown(replicas, call)) own.add(std::string(label.name));
    names_.add(std::move(own));
    return {};
  }

  std::string data() override { return names_.json(scope_.limit); }
  bool cut() const override { return names_.cut(scope_.limit); }

 private:
  NameUnion names_;
};

class LabelValues final : public Scoped {
 public:
  LabelValues(Scope scope, std::string segment, std::string name)
      : Scoped(std::move(scope)), segment_(std::move(segment)), name_(std::move(name)) {}

  Result<std::vector<Call>> ask(const Replicas& replicas) override {
    auto asked = members(replicas);
    if (asked.has_error()) return std::move(asked).error();
    std::vector<Call> calls;
    for (MemberScope& member : *asked) {
      if (!member.keep_replica_labels && replicas.labels.contains(name_)) continue;
      std::string values = target("/api/v1/label/" + segment_ + "/values", member);
      const std::size_t number = member.member;
      const std::size_t part = keep(std::move(member));
      calls.push_back({number, std::move(values), part, false});
      Call probe{number, "", part, true};
      // Series without a label of their own under this name have the member's external one.
      if (shown(replicas, probe).get(name_).empty()) continue;
      probe.target = with_query("/api/v1/labels", probe_query(kept(probe)));
      calls.push_back(std::move(probe));
    }
    return calls;
  }

  Result<void> take(const Replicas& replicas, const Call& call, const Reply& reply) override {
    if (!call.probe) return values_.add(reply.data);
    NameUnion names;
    if (auto added = names.add(reply.data); added.has_error()) return added;
    if (!names.empty()) values_.add(std::string(shown(replicas, call).get(name_)));
    return {};
  }

  std::string data() override { return values_.json(scope_.limit); }
  bool cut() const override { return values_.cut(scope_.limit); }

 private:
  std::string probe_query(const MemberScope& member) const {
    Scope one = scope_;
    one.limit = 1;
    return query_string(one, member, Matcher{MatchType::equal, name_, ""});
  }

  const std::string segment_;  ///< of the path, as it came
  const std::string name_;
  NameUnion values_;
};

class Series final : public Scoped {
 public:
  using Scoped::Scoped;

  Result<std::vector<Call>> ask(const Replicas& replicas) override {
    return ask_each(replicas, "/api/v1/series");
  }

  Result<void> take(const Replicas& replicas, const Call& call, const Reply& reply) override {
    const MemberScope& part = kept(call);
    return series_.add(reply.data, shown(replicas, call), part.selectors, replicas.labels,
                       part.keep_replica_labels);
  }

  std::string data() override { return series_.json(scope_.limit); }
  bool cut() const override { return series_.cut(scope_.limit); }

 private:
  SeriesUnion series_;
};

class Metadata final : public Question {
 public:
  Metadata(std::string query, std::size_t limit, std::size_t limit_per_metric)
      : query_(std::move(query)), limit_(limit), limit_per_metric_(limit_per_metric) {}

  Result<std::vector<Call>> ask(const Replicas& replicas) override {
    std::vector<Call> calls;
    for (std::size_t i = 0; i < replicas.members.size(); ++i) {
      calls.push_back({i, "/api/v1/metadata" + (query_.empty() ? "" : "?" + query_), 0, false});
    }
    return calls;
  }

  Result<void> take(const Replicas&, const Call&, const Reply& reply) override {
    return metadata_.add(reply.data);
  }

  std::string data() override { return metadata_.json(limit_, limit_per_metric_); }

 private:
  const std::string query_;
  const std::size_t limit_;
  const std::size_t limit_per_metric_;
  MetadataUnion metadata_;
};

/// Prometheus takes any text for a label's name that is valid UTF-8, since 3.0.
Result<std::string> label_name(std::string_view segment) {
  auto name = percent_decoded(segment, false);
  if (name.has_error()) return std::move(name).error();
  if (name->empty() || valid_utf8(*name) != *name) {
    return Error(ErrorKind::bad_request, "invalid label name: \"" + valid_utf8(*name) + "\"");
  }
  return unescaped_name(*name);
}

/// Adds a limit of the metadata API to what replicas are asked; absent or negative is none.
Result<std::size_t> metadata_limit(const Form& form, const std::string& name, std::string& query) {
  const auto text = form.get(name);
  if (!text) return std::size_t{0};
  std::int64_t limit = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (problem != std::errc() || end != text->data() + text->size()) {
    return Error(ErrorKind::bad_request, name + " must be a number");
  }
  query += (query.empty() ? "" : "&") + name + "=" + std::to_string(limit);
  return static_cast<std::size_t>(std::max<std::int64_t>(limit, 0));
}

}  // namespace

Asked ask_label_names(const Form& form) {
  auto scope = scope_of(form);
  if (scope.has_error()) return std::move(scope).error();
  return std::make_unique<LabelNames>(*std::move(scope));
}

Asked ask_label_values(std::string_view name, const Form& form) {
  auto decoded = label_name(name);
  if (decoded.has_error()) return std::move(decoded).error();
  auto scope = scope_of(form);
  if (scope.has_error()) return std::move(scope).error();
  return std::make_unique<LabelValues>(*std::move(scope), std::string(name), *std::move(decoded));
}

Asked ask_series(const Form& form) {
  auto scope = scope_of(form);
  if (scope.has_error()) return std::move(scope).error();
  if (scope->selectors.empty()) {
    return Error(ErrorKind::bad_request, "no match[] parameter provided");
  }
  return std::make_unique<Series>(*std::move(scope));
}

Asked ask_metadata(const Form& form) {
  std::string query;
  auto limit = metadata_limit(form, "limit", query);
  if (limit.has_error()) return std::move(limit).error();
  auto per_metric = metadata_limit(form, "limit_per_metric", query);
  if (per_metric.has_error()) return std::move(per_metric).error();
  if (const auto metric = form.get("metric")) {
    query += (query.empty() ? "metric=" : "&metric=") + percent_encoded(*metric);
  }
  return std::make_unique<Metadata>(std::move(query), *limit, *per_metric);
}

}  // namespace prombraid::api
