#include "app/status_documents.h"

#include <string>

#include <doctest/doctest.h>

namespace prombraid::app {
namespace {

TEST_CASE("the configuration is YAML whatever an address holds") {
  config::Config config;
  config.sets.emplace_back().replicas = {"prom:9090/it's"};
  const auto document = config_in_use(config);
  const std::string yaml(document.at("yaml").as_string());
  CHECK(yaml.find("- name: 'default'\n") != std::string::npos);
  CHECK(yaml.find("- 'prom:9090/it''s'\n") != std::string::npos);
}

}  // namespace
}  // namespace prombraid::app
