/// A hostile DNS server against the whole resolver, c-ares and the sockets included: its reply has
/// the right id and question, then the fuzzer's bytes in place of the flags, the counts and all
/// that follows. An honest reply comes after it, so that every lookup ends.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "discovery/cares_resolver.h"
#include "scripted_dns.h"

using namespace prombraid::discovery;
using namespace prombraid::discovery::testing;

namespace {

constexpr std::size_t head = 10;  // of the input: flags and the four counts

struct World {
  World() : dns(io, [this](const Query& q) { return answer(q); }) {
    CaresOptions options;
    options.servers = {dns.address()};
    options.timeout = std::chrono::milliseconds(200);
    options.resolv_conf = "/dev/null";
    options.hosts = "";
    resolver = make_cares_resolver(io, options);
  }

  std::vector<Message> answer(const Query& query) const {
    Message hostile = query.reply();
    for (std::size_t i = 0; i < std::min(head, input.size()); ++i) hostile[2 + i] = input[i];
    if (input.size() > head) {
      hostile.insert(hostile.end(), input.begin() + head, input.end());
    }
    return {hostile, query.reply(3)};
  }

  boost::asio::io_context io;
  Message input;
  ScriptedDns dns;
  std::unique_ptr<Resolver> resolver;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static auto* world = new World;  // never destroyed: the loop outlives every input
  if (size < 1 || size > 1200) return 0;
  constexpr RecordType types[] = {RecordType::a, RecordType::aaaa, RecordType::srv};
  world->input.assign(bytes + 1, bytes + size);
  bool ended = false;
  world->resolver->lookup("p.svc", types[bytes[0] % 3], [&](const Answer& answer) {
    ended = true;
    if ((answer.kind == Answer::Kind::records) == answer.records.empty()) std::abort();
  });
  if (!run_until(world->io, [&] { return ended; }, 5)) std::abort();
  world->dns.forget();
  return 0;
}
