#include "read/identity.h"

#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

using Seen = IdentityWatch::Seen;

replica::ReplicaFacts started(const char* time, const char* name = "r0") {
  replica::ReplicaFacts facts;
  facts.start_time = time;
  Labels::Builder labels;
  labels.set("replica", name);
  facts.external_labels = labels.build();
  return facts;
}

TEST_CASE("one process that is restarted is one replica") {
  IdentityWatch watch;
  CHECK(watch.look(started("2026-01-01T00:00:00.1Z")) == Seen::same);
  CHECK(watch.look(started("2026-01-01T00:00:00.1Z")) == Seen::same);
  CHECK(watch.look(started("2026-01-02T00:00:00.1Z")) == Seen::other);
  CHECK(watch.look(started("2026-01-02T00:00:00.1Z")) == Seen::same);
  CHECK_FALSE(watch.several());
}

TEST_CASE("a process that started before the last one is one of several") {
  IdentityWatch watch;
  watch.look(started("2026-01-02T00:00:00Z"));
  CHECK(watch.look(started("2026-01-01T00:00:00Z", "r1")) == Seen::several);
  CHECK(watch.several());
}

TEST_CASE("a process that comes back is one of several, until one stays for long") {
  IdentityWatch watch;
  watch.look(started("2026-01-01T00:00:00Z", "r0"));
  CHECK(watch.look(started("2026-01-02T00:00:00Z", "r1")) == Seen::other);
  CHECK_FALSE(watch.several());
  CHECK(watch.look(started("2026-01-01T00:00:00Z", "r0")) == Seen::several);
  for (int i = 0; i < 20; ++i) watch.look(started("2026-01-01T00:00:00Z", "r0"));
  CHECK_FALSE(watch.several());
}

TEST_CASE("external labels that change and change back are a reload, where the start time stays") {
  IdentityWatch watch;
  for (const char* name : {"r0", "r1", "r0"}) {
    CHECK(watch.look(started("2026-01-01T00:00:00Z", name)) == Seen::same);
  }
}

TEST_CASE("without a start time the external labels tell processes apart") {
  IdentityWatch watch;
  for (const char* name : {"r0", "r1", "r0"}) watch.look(started("", name));
  CHECK(watch.several());
}

}  // namespace
}  // namespace prombraid::read
