#include "metrics/exposition.h"

namespace prombraid::metrics {

namespace {

/// The sum over all threads of what `cell_of` picks.
template <class F>
double sum(const Threads& threads, F cell_of) {
  std::int64_t total = 0;
  for (const auto& thread : threads) total += cell_of(*thread).get();
  return static_cast<double>(total);
}

double sum(const Threads& threads, Cell ThreadCounters::* member) {
  return sum(threads, [member](const ThreadCounters& t) -> const Cell& { return t.*member; });
}

/// One series for each enumerator of E.
template <class E, class F>
void for_each(F f) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(E::count_); ++i) f(static_cast<E>(i));
}

template <class E>
void add_per(Families& out, const Threads& threads, const char* label,
             Per<E, Cell> ThreadCounters::* member) {
  for_each<E>([&](E e) {
    const auto cell = [&](const ThreadCounters& t) -> const Cell& { return (t.*member)[e]; };
    out.add(sum(threads, cell), {{label, name_of(e)}});
  });
}

/// A metric that each replica or name has one of.
template <class C>
void add_each(Families& out, const ByName<C>& all, const char* label, SharedCell C::* member) {
  for (const auto& [name, counters] : all) {
    out.add(static_cast<double>((counters.get()->*member).get()), {{label, name}});
  }
}

template <class C, class N>
void add_each_named(Families& out, const ByName<C>& all, const char* label, const char* per_label,
                    N C::* member) {
  for (const auto& [name, counters] : all) {
    for (std::size_t i = 0; i < N::size; ++i) {
      const auto value = static_cast<double>((counters.get()->*member).at(i).get());
      out.add(value, {{label, name}, {per_label, N::name(i)}});
    }
  }
}

}  // namespace

void write_constants(Families& out, const Constants& constants) {
  out.gauge("build_info", "Always 1; the labels say which build this is.");
  out.add(1, {{"version", constants.version},
              {"revision", constants.revision},
              {"compiler", constants.compiler}});
  out.gauge("reads_max", "Reads that may run at once (--storage.remote.read-concurrent-limit).");
  out.add(constants.reads_max);
  out.gauge("buffer_limit_bytes", "What all reads together may hold (--read.memory-limit).");
  out.add(static_cast<double>(constants.buffer_limit_bytes));
}

void write_reads(Families& out, const Threads& threads) {
  out.counter("reads_total", "Reads by how they ended and by the type of their answer.");
  for_each<ResponseType>([&](ResponseType type) {
    for_each<Outcome>([&](Outcome outcome) {
      const auto cell = [&](const ThreadCounters& t) -> const Cell& {
        return t.reads[type][outcome];
      };
      out.add(sum(threads, cell), {{"outcome", name_of(outcome)}, {"type", name_of(type)}});
    });
  });
  out.histogram("read_duration_seconds",
                "From the last byte of a request to the last of its answer.");
  for_each<ResponseType>([&](ResponseType type) {
    std::vector<double> counts(DurationHistogram<Cell>::buckets);
    double seconds = 0;
    for (const auto& thread : threads) {
      const auto& histogram = thread->read_duration[type];
      for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] += static_cast<double>(histogram.count(i));
      }
      seconds += histogram.sum_seconds();
    }
    out.add(counts, seconds, {{"type", name_of(type)}});
  });
  out.gauge("reads_in_flight", "Reads that run now.");
  out.add(sum(threads, &ThreadCounters::reads_in_flight));
  out.gauge("reads_queued", "Reads that wait for their turn.");
  out.add(sum(threads, &ThreadCounters::reads_queued));
  out.counter("limit_hits_total", "Reads or requests that a stated limit ended.");
  add_per(out, threads, "limit", &ThreadCounters::limit_hits);
  out.counter("partial_responses_total", "Answers that ended well with a replica missing.");
  add_per(out, threads, "reason", &ThreadCounters::partial);
  out.counter("loops_detected_total", "Reads that came back to where they had begun.");
  out.add(sum(threads, &ThreadCounters::loops));
}

void write_series(Families& out, const Threads& threads) {
  const auto total = [&](const char* name, const char* help, Cell ThreadCounters::* member) {
    out.counter(name, help);
    out.add(sum(threads, member));
  };
  total("series_in_total", "Series read, one a replica that has it.", &ThreadCounters::series_in);
  total("series_out_total", "Series answered.", &ThreadCounters::series_out);
  total("series_joined_total", "Series that more than one set of replicas had a part of.",
        &ThreadCounters::series_joined);
  total("samples_in_total", "Samples read from all replicas.", &ThreadCounters::samples_in);
  total("samples_out_total", "Samples answered.", &ThreadCounters::samples_out);
  total("samples_filled_total", "Samples answered from another replica than the leading one.",
        &ThreadCounters::samples_filled);
  total("chunks_passed_total", "Chunks answered with the bytes they came in.",
        &ThreadCounters::chunks_passed);
  total("chunks_rewritten_total", "Chunks encoded anew, at seams and edges.",
        &ThreadCounters::chunks_rewritten);
}

namespace {

using Routes = decltype(ThreadCounters::requests);
using Methods = Named<methods, std::array<Cell, std::size(status_codes) + 1>>;

/// A request that is there from 0; all combinations would be hundreds of series.
bool usual(std::string_view route, std::string_view method, unsigned status) {
  if (route == "/api/v1/read") {
    return method == "POST" && (status == 200 || status == 400 || status == 503);
  }
  if (method != "GET" || route.starts_with("/api/")) return false;
  if (route == "other") return status == 404;
  return status == 200 || (route == "/-/ready" && status == 503);
}

}  // namespace

void write_http(Families& out, const Threads& threads) {
  out.counter("http_requests_total", "Requests answered, by route, method and status.");
  const auto add = [&](std::size_t r, std::size_t m, std::size_t code) {
    const auto cell = [&](const ThreadCounters& t) -> const Cell& {
      return t.requests.at(r).at(m)[code];
    };
    const double value = sum(threads, cell);
    const unsigned status = code < std::size(status_codes) ? status_codes[code] : 0;
    if (value == 0 && !usual(Routes::name(r), Methods::name(m), status)) return;
    out.add(value, {{"handler", Routes::name(r)},
                    {"method", Methods::name(m)},
                    {"code", status == 0 ? "other" : std::to_string(status)}});
  };
  for (std::size_t r = 0; r < Routes::size; ++r) {
    for (std::size_t m = 0; m < Methods::size; ++m) {
      for (std::size_t code = 0; code <= std::size(status_codes); ++code) add(r, m, code);
    }
  }
}

void write_replicas(Families& out, const ByName<ReplicaCounters>& replicas) {
  out.gauge("replica_up", "1 where the last request to the replica succeeded, else 0.");
  add_each(out, replicas, "replica", &ReplicaCounters::up);
  out.gauge("replica_ambiguous",
            "1 where different servers answer at one address, as behind a load balancer.");
  add_each(out, replicas, "replica", &ReplicaCounters::several);
  out.counter("replica_requests_total", "Reads sent to the replica.");
  add_each(out, replicas, "replica", &ReplicaCounters::requests);
  out.counter("replica_failures_total", "Reads that the replica failed, by reason.");
  add_each_named(out, replicas, "replica", "reason", &ReplicaCounters::failures);
  out.counter("replica_received_bytes_total", "Bytes of the replica's answers, compressed.");
  add_each(out, replicas, "replica", &ReplicaCounters::received_bytes);
  out.histogram("replica_first_byte_seconds",
                "From sending a read to the first byte of its answer.");
  for (const auto& [address, counters] : replicas) {
    std::vector<double> counts(DurationHistogram<SharedCell>::buckets);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      counts[i] = static_cast<double>(counters->first_byte.count(i));
    }
    out.add(counts, counters->first_byte.sum_seconds(), {{"replica", address}});
  }
}

void write_discovery(Families& out, const ByName<DiscoveryCounters>& names) {
  out.counter("dns_lookups_total", "Lookups of a name.");
  add_each(out, names, "name", &DiscoveryCounters::lookups);
  out.counter("dns_failures_total", "Lookups that gave no new set, by reason.");
  add_each_named(out, names, "name", "reason", &DiscoveryCounters::failures);
  out.gauge("dns_addresses", "Addresses of the set in use.");
  add_each(out, names, "name", &DiscoveryCounters::addresses);
  out.gauge("dns_last_success_timestamp_seconds", "When a lookup last succeeded; 0 before.");
  for (const auto& [name, counters] : names) {
    out.add(static_cast<double>(counters->last_success_ms.get()) / 1e3, {{"name", name}});
  }
}

void write_process(Families& out, const ProcessStats& stats) {
  const auto gauge = [&](const char* name, const char* help, double value) {
    out.gauge(name, help);
    out.add(value);
  };
  out.counter("process_cpu_seconds_total", "User and system CPU time spent.");
  out.add(stats.cpu_seconds);
  gauge("process_start_time_seconds", "When the process started, since the epoch.",
        stats.start_time_seconds);
  gauge("process_resident_memory_bytes", "Resident memory.",
        static_cast<double>(stats.resident_bytes));
  gauge("process_virtual_memory_bytes", "Virtual memory.",
        static_cast<double>(stats.virtual_bytes));
  gauge("process_threads", "Threads.", static_cast<double>(stats.threads));
  gauge("process_open_fds", "Open file descriptors.", static_cast<double>(stats.open_fds));
  gauge("process_max_fds", "File descriptors that may be open.",
        static_cast<double>(stats.max_fds));
}

}  // namespace prombraid::metrics
