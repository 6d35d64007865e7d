#include "app/discovery_metrics.h"

#include <string>

#include <doctest/doctest.h>

namespace prombraid::app {
namespace {

discovery::DiscoveryStatus looked_up(std::initializer_list<const char*> names) {
  discovery::DiscoveryStatus out;
  for (const char* name : names) {
    discovery::LookupStatus lookup;
    lookup.name = name;
    lookup.lookups = 7;
    out.lookups.push_back(lookup);
  }
  return out;
}

TEST_CASE("a name is shown for as long as it is looked up") {
  metrics::Metrics metrics({});
  count_discovery(looked_up({"pod-1.prom.svc.", "pod-2.prom.svc."}), metrics);
  CHECK(metrics.render().find("dns_lookups_total{name=\"pod-1.prom.svc.\"} 7") !=
        std::string::npos);
  count_discovery(looked_up({"pod-2.prom.svc."}), metrics);
  const std::string text = metrics.render();
  CHECK(text.find("pod-1.prom.svc.") == std::string::npos);
  CHECK(text.find("dns_lookups_total{name=\"pod-2.prom.svc.\"} 7") != std::string::npos);
}

}  // namespace
}  // namespace prombraid::app
