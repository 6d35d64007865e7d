/// A request to the discovery part of the HTTP API: what each replica is asked for it, and what
/// their replies come to. A machine without I/O.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/form.h"
#include "api/reply.h"
#include "base/error.h"
#include "query/member.h"
#include "query/replica_labels.h"

namespace prombraid::api {

/// The replicas of one set, as `read::ReplicaSet` has them.
struct Replicas {
  std::span<const query::Member> members;
  const query::ReplicaLabels& labels;
  std::span<const std::string> ignore_matchers_on;
};

/// One GET to one replica.
struct Call {
  std::size_t member = 0;
  std::string target;     ///< `/api/v1/labels?...`, without the replica's prefix
  std::size_t scope = 0;  ///< the question's own: which part of it this is
  bool probe = false;     ///< asks whether there is any series, not for names
};

/// `ask` once for each set of replicas, `take` once for each call that was answered, then `data`.
class Question {
 public:
  virtual ~Question() = default;

  /// Calls for the members of `replicas` that can know something. Fails with bad_request.
  virtual Result<std::vector<Call>> ask(const Replicas& replicas) = 0;

  /// Fails with unsupported on a reply that is not of the call's shape; then nothing of it, or a
  /// part, is in the union.
  virtual Result<void> take(const Replicas& replicas, const Call& call, const Reply& reply) = 0;

  /// The union as JSON.
  virtual std::string data() = 0;
  /// There is more than the request's `limit`.
  virtual bool cut() const { return false; }
};

using Asked = Result<std::unique_ptr<Question>>;

/// All fail with bad_request, worded as Prometheus words it.
Asked ask_label_names(const Form& form);
Asked ask_series(const Form& form);    ///< at least one `match[]`
Asked ask_metadata(const Form& form);  ///< `metric`, `limit`, `limit_per_metric`

/// `name` as the path has it: percent-encoded, and in Prometheus's `U__` form where it is beyond
/// the classic alphabet.
Asked ask_label_values(std::string_view name, const Form& form);

/// `U__my_2e_label` is `my.label` (prometheus/common model/metric.go, UnescapeName with
/// ValueEncodingEscaping); any other name is itself.
std::string unescaped_name(std::string_view name);

}  // namespace prombraid::api
