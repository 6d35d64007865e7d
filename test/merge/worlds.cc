#include "worlds.h"

namespace prombraid::merge::worlds {
namespace {

std::uint64_t below(std::mt19937_64& random, std::uint64_t end) {
  return random() % end;
}

oracle::Moments random_lane(std::mt19937_64& random, Span s, std::size_t slots,
                            const std::vector<bool>& out) {
  oracle::Moments lane;
  const auto phase = static_cast<Timestamp>(below(random, s));
  const std::uint64_t blip_every = below(random, 2) == 0 ? 6 : 60;
  const std::uint64_t crash_every = below(random, 2) == 0 ? 15 : 150;
  std::uint64_t down = below(random, 8) == 0 ? below(random, slots) : 0;
  bool speaking = false;
  for (std::size_t i = 0; i < slots; ++i) {
    if (below(random, crash_every) == 0) down = below(random, 8);
    if (down > 0) {
      --down;
      speaking = false;
      continue;
    }
    const auto jitter = static_cast<Timestamp>(below(random, 10) == 0 ? below(random, 3) : 0);
    const Timestamp t = static_cast<Timestamp>(i * s) + phase + jitter;
    const bool fails = out[i] || below(random, blip_every) == 0;
    const auto index = static_cast<std::uint32_t>(lane.size());
    if (!fails || speaking) {
      if (lane.empty() || lane.back().t < t) lane.push_back({t, fails, 0, index});
    }
    speaking = !fails;
  }
  return lane;
}

}  // namespace

void each_tiny(std::size_t slots, const std::vector<Timestamp>& phases, Span interval,
               const std::function<void(const Lanes&)>& visit) {
  std::size_t cases = 1;
  for (std::size_t i = 0; i < slots * phases.size(); ++i) cases *= 3;
  for (std::size_t c = 0; c < cases; ++c) {
    Lanes lanes(phases.size());
    std::size_t rest = c;
    for (std::size_t k = 0; k < phases.size(); ++k) {
      for (std::size_t i = 0; i < slots; ++i, rest /= 3) {
        if (rest % 3 == 0) continue;
        lanes[k].push_back({static_cast<Timestamp>(i * interval) + phases[k], rest % 3 == 2, 0,
                            static_cast<std::uint32_t>(lanes[k].size())});
      }
    }
    visit(lanes);
  }
}

Lanes random(std::mt19937_64& random, Span interval, std::size_t slots) {
  std::vector<bool> out(slots);
  std::uint64_t left = 0;
  for (std::size_t i = 0; i < slots; ++i) {
    if (below(random, 60) == 0) left = 1 + below(random, 12);
    out[i] = left > 0;
    left -= left > 0 ? 1 : 0;
  }
  Lanes lanes(2 + below(random, 3));
  for (auto& lane : lanes) lane = random_lane(random, interval, slots, out);
  return lanes;
}

void thin(oracle::Moments& lane, Span interval, Span s) {
  std::erase_if(lane,
                [&](const Moment& m) { return static_cast<Span>(m.t) / s % (interval / s) != 0; });
  std::uint32_t index = 0;
  for (Moment& m : lane) m.index = index++;
  lane.coarse = interval > s ? interval : 0;
}

Lanes cut(const Lanes& lanes, Timestamp start, Timestamp end) {
  Lanes part(lanes.size());
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    part[k].coarse = lanes[k].coarse;
    for (const Moment& m : lanes[k]) {
      if (start <= m.t && m.t <= end) part[k].push_back(m);
    }
  }
  return part;
}

}  // namespace prombraid::merge::worlds
