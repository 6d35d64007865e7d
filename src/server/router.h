/// Which route answers a request: by path, then by method.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http.h"

namespace prombraid::server {

class Router {
 public:
  /// `prefix` ("/prombraid", or empty) is in front of every path given to `add`.
  explicit Router(std::string prefix = {});

  /// Makes another route of each that is added from then on.
  using Wrap =
      std::function<Route(const std::string& method, const std::string& path, Route route)>;
  void wrap(Wrap wrap) { wrap_ = std::move(wrap); }

  /// `path` begins with '/'. One of its segments may be `*`, which stands for any one segment that
  /// is not empty. A GET route answers HEAD too: its body is dropped on the way out.
  void add(std::string method, std::string path, Route route);

  /// Answers, whatever the method, each path below `path` (which ends in '/') that no other route
  /// has. It is known as `path`.
  void add_rest(std::string path, Route route);

  /// What `find` says. The views live as long as the Router does.
  struct Match {
    const Route* route = nullptr;  ///< null: answer `refusal`
    std::string_view path;         ///< the path as it was added, empty when none is known: a label
    Response refusal;              ///< 404, or 405 with Allow, worded as Go's net/http does
  };
  Match find(std::string_view method, std::string_view path) const;

 private:
  struct Entry {
    std::string method;
    std::string path;
    Route route;
  };

  std::string prefix_;
  Wrap wrap_;
  std::vector<Entry> entries_;
  std::vector<Entry> rests_;
};

}  // namespace prombraid::server
